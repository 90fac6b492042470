// Makes elements. Whatever comes from the API becomes text or the value of an attribute here, never markup.

const SVG = 'http://www.w3.org/2000/svg';

// What nobody sees, and what turns the order of letters: an id may hold it, so that it must be seen.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u2800\u3164\uffa0]/gu;

/** With a mark in place of each character that can't be seen. */
export function visible(text) {
  return text.replace(UNSEEN, c => `\u27e8U+${c.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}\u27e9`);
}

/** All that is shown goes through here. */
function shown(children) {
  return children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false)
    .map(child => typeof child === 'string' ? visible(child) : child);
}

/** An element; a property that begins with "on" is a listener, true and false set or leave out an attribute. */
export function h(tag, properties = {}, ...children) {
  return fill(document.createElement(tag), properties, children);
}

export function svg(tag, properties = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), properties, children);
}

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

const ICONS = {
  unseen: 'M8 2.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 1 1 0-11z',
  waiting: 'M8 2a6 6 0 1 1 0 12a6 6 0 1 1 0-12zM8 5v3.4l2.3 1.4',
  offered: 'M8 2v8M4.8 6.9 8 10.1l3.2-3.2M3 13.5h10',
  updated: 'M3 8.6 6.6 12 13 4.6',
  reverted: 'M6.2 3 3 6.2l3.2 3.2M3.4 6.2H10a3.4 3.4 0 0 1 0 6.8H6',
  stuck: 'M8 2 14.5 13.5h-13zM8 6.6v3M8 11.6v.2',
  updated_silent: 'M13 9.8A5.6 5.6 0 1 1 6.6 3a4.6 4.6 0 0 0 6.4 6.8zM10 2.5l3.5 3.5M13.5 2.5 10 6',
  silent: 'M13 9.8A5.6 5.6 0 1 1 6.6 3a4.6 4.6 0 0 0 6.4 6.8z',
  unavailable: 'M4 2.5h5.2L12 5.3v8.2H4zM6.3 7.2l3.4 3.6M9.7 7.2l-3.4 3.6',
  discovered: 'M8 2.5v11M2.5 8h11',
  all: 'M2.5 2.5h4.4v4.4H2.5zM9.1 2.5h4.4v4.4H9.1zM2.5 9.1h4.4v4.4H2.5zM9.1 9.1h4.4v4.4H9.1z',
  close: 'M4 4l8 8M12 4l-8 8',
  warning: 'M8 2 14.5 13.5h-13zM8 6.6v3M8 11.6v.2',
  copy: 'M5.5 5.5h7v8h-7zM3.5 10.5v-8h7',
  up: 'M8 13V4M4.5 7.2 8 3.7l3.5 3.5',
  info: 'M8 2a6 6 0 1 1 0 12a6 6 0 1 1 0-12zM8 7.4v3.4M8 5v.2',
};

export function icon(name) {
  return svg('svg', {viewBox: '0 0 16 16', class: 'icon', 'aria-hidden': 'true', focusable: 'false'},
    svg('path', {d: ICONS[name] ?? ICONS.info}));
}

/** The states, as the API has them, and what each means to a reader. */
export const STATES = {
  unseen: {tone: 'quiet', says: 'assigned, and never polled'},
  waiting: {tone: 'busy', says: 'not offered its file yet'},
  offered: {tone: 'busy', says: 'offered its file, and still on the old version'},
  updated: {tone: 'good', says: 'on another version since the offer'},
  reverted: {tone: 'warn', says: 'rolled back to the old version'},
  stuck: {tone: 'bad', says: 'offered again and again, and nothing changes'},
  updated_silent: {tone: 'bad', name: 'updated, silent', says: 'updated, and then no poll any more: a bad image looks like this'},
  silent: {tone: 'warn', says: 'no poll for several times its usual gap'},
  unavailable: {tone: 'warn', says: 'its update file isn\u2019t there'},
  discovered: {tone: 'quiet', says: 'polls, and has no assignment'},
};

/** A state in words. */
export function stateName(state) {
  return STATES[state]?.name ?? state;
}

export function badge(state) {
  return h('span', {class: `badge ${STATES[state]?.tone ?? 'quiet'}`, title: STATES[state]?.says}, icon(state), stateName(state));
}

const NUMBER = new Intl.NumberFormat('en');

export function count(number) {
  return NUMBER.format(number);
}

export function plural(number, noun) {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
}

export function size(bytes) {
  if (bytes < 1024) {
    return `${bytes} B`;
  }
  const isSmall = bytes < 1024 * 1024;
  return `${(bytes / (isSmall ? 1024 : 1024 * 1024)).toFixed(1)} ${isSmall ? 'KiB' : 'MiB'}`;
}

/** What the server says, in the words of the console and with a full stop. */
export function said(text) {
  const words = text.trim().replace(/; \?force=true .*$/, '').replace(/(?<=^|[\s(])device(?=s?[\s.,:;)])/g, 'board');
  return words + (/[.!?]$/.test(words) ? '' : '.');
}

/** The same as a sentence of its own: its first letter is large, unless it may be one of a file's name. */
export function sentence(text) {
  const words = said(text);
  return /^[a-z]+('[a-z]+)?[ ,:]/.test(words) ? words.charAt(0).toUpperCase() + words.slice(1) : words;
}

/** Warnings of the server; each begins with what it is about, a file's name perhaps. */
export function warnings(texts) {
  return texts.map(text => note('warn', h('p', {}, h('b', {}, 'Look twice: '), said(text))));
}

export function dialogue(heading, body, buttons) {
  return new Promise(resolve => {
    const title = h('h2', {id: 'dialog-title'}, heading);
    const dialog = h('dialog', {'aria-labelledby': 'dialog-title', onclose: () => {
      dialog.remove();
      resolve(dialog.returnValue);
    }},
    title,
    h('div', {class: 'dialog-body'}, body),
    h('div', {class: 'dialog-buttons'}, buttons.map(button => h('button', {
      type: 'button',
      class: button.kind ?? '',
      autofocus: button.isFirst ?? false,
      onclick: () => dialog.close(button.value),
    }, button.text))));
    document.body.append(dialog);
    dialog.returnValue = '';
    dialog.showModal();
  });
}

/** Asks before something is done; what it will do stands in the body. True when the reader wants it. */
export async function confirm(heading, body, verb, kind = 'danger') {
  return await dialogue(heading, body, [
    {text: 'Cancel', value: '', isFirst: true},
    {text: verb, value: 'yes', kind},
  ]) === 'yes';
}

/** Asks as {@link confirm} does, and for a line of text; null when the reader doesn't want it. A label that is false asks for none. */
export async function ask(heading, body, verb, kind = 'danger', label = 'Why (optional; kept in the audit trail)') {
  const input = h('input', {id: 'dialog-input', maxlength: '500', autocomplete: 'off', spellcheck: 'false'});
  const isWanted = await confirm(heading, [body, label ? h('div', {class: 'field'}, h('label', {for: 'dialog-input'}, label), input) : null], verb, kind);
  return isWanted ? input.value.trim() : null;
}

export function toast(text, kind = 'good') {
  const element = h('p', {class: `toast ${kind}`}, icon(kind === 'good' ? 'updated' : 'warning'), h('span', {}, text));
  document.getElementById('toasts').append(element);
  setTimeout(() => element.remove(), 8000);
}

/** A refusal or a warning, beside what it is about. */
export function note(kind, ...children) {
  return h('div', {class: `note ${kind}`}, icon(kind === 'good' ? 'updated' : kind === 'info' ? 'info' : 'warning'),
    h('div', {}, children));
}

/** A link within the console; the query's empty values are left out. */
export function route(path, query = {}) {
  const values = Object.entries(query).filter(([, value]) => value !== '' && value !== null && value !== undefined);
  return `#/${path}${values.length ? `?${values.map(([name, value]) =>
    `${name}=${encodeURIComponent(value)}`).join('&')}` : ''}`;
}

/** An id as it is read: spaces at its ends can be seen, and be clicked. */
export function idText(id) {
  return id.replace(/^\s+|\s+$/g, spaces => spaces.replaceAll(' ', '\u2423')) || '\u27e8empty\u27e9';
}

export function boardLink(id) {
  return h('a', {href: route(`board/${encodeURIComponent(id)}`), class: 'id'}, idText(id));
}

export function fileLink(path) {
  return h('a', {href: route('fleet', {file: path}), class: 'path'}, path);
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
