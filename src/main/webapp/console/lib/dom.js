// Makes elements. Whatever comes from the API becomes text or the value of an attribute here, never markup.
import {visible} from './words.js';

const SVG = 'http://www.w3.org/2000/svg';

/** All that is shown goes through here. */
function shown(children) {
  return children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false)
    .map(child => typeof child === 'string' ? visible(child) : child);
}

/** An element of the page itself, which is always there. */
export function byId(id) {
  const element = document.getElementById(id);
  if (element === null) {
    throw new Error(`the page has no ${id}`);
  }
  return element;
}

/**
 * An element; a property that begins with "on" is a listener, true and false set or leave out an attribute.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any>} properties
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, properties = {}, ...children) {
  return fill(document.createElement(tag), properties, children);
}

export function svg(tag, properties = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), properties, children);
}

/** @template {Element} E @param {E} element @returns {E} */
function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else if (value === true) {
      element.setAttribute(name, '');
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, value);
    }
  }
  // A time is in the words of the reader's own language, which may need such marks.
  element.append(...element.localName === 'time' ? children.flat(Infinity) : shown(children));
  return element;
}

export function put(parent, ...children) {
  parent.replaceChildren(...shown(children));
  return parent;
}

/** Replaces the content only where it looks different: what the reader has selected or focused stays. */
export function refresh(parent, ...children) {
  const fresh = put(parent.cloneNode(false), ...children);
  if (fresh.childNodes.length !== parent.childNodes.length
      || [...fresh.childNodes].some((child, i) => !child.isEqualNode(parent.childNodes[i]))) {
    parent.replaceChildren(...fresh.childNodes);
  }
  return parent;
}

/** Brings the children of a parent in line with items: what is the same stays, with its focus. */
export function keyed(parent, items, key, render) {
  const known = new Map([...parent.children].map(child => [child.dataset.key, child]));
  const wanted = items.map(item => {
    const fresh = render(item);
    fresh.dataset.key = key(item);
    const old = known.get(fresh.dataset.key);
    return old?.isEqualNode(fresh) ? old : fresh;
  });
  if (wanted.length !== parent.children.length || wanted.some((child, i) => child !== parent.children[i])) {
    parent.replaceChildren(...wanted);
  }
}
