// Small parts that every page is made of.
import {byId, h, svg} from './dom.js';
import {STATES, stateName} from './states.js';
import {idText, route, said} from './words.js';

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

export function badge(state) {
  return h('span', {class: `badge ${STATES[state]?.tone ?? 'quiet'}`, title: STATES[state]?.says}, icon(state), stateName(state));
}

/** Warnings of the server; each begins with what it is about, a file's name perhaps. */
export function warnings(texts) {
  return texts.map(text => note('warn', h('p', {}, h('b', {}, 'Look twice: '), said(text))));
}

export function toast(text, kind = 'good') {
  const element = h('p', {class: `toast ${kind}`}, icon(kind === 'good' ? 'updated' : 'warning'), h('span', {}, text));
  byId('toasts').append(element);
  setTimeout(() => element.remove(), 8000);
}

/** A refusal or a warning, beside what it is about. */
export function note(kind, ...children) {
  return h('div', {class: `note ${kind}`}, icon(kind === 'good' ? 'updated' : kind === 'info' ? 'info' : 'warning'),
    h('div', {}, children));
}

export function boardLink(id) {
  return h('a', {href: route(`board/${encodeURIComponent(id)}`), class: 'id'}, idText(id));
}

export function fileLink(path) {
  return h('a', {href: route('fleet', {file: path}), class: 'path'}, path);
}

/** Text of several lines, each as it is. */
export function lines(text) {
  return text.split('\n').map((line, i) => [i ? h('br') : null, line]);
}

/** A table cell with its role: it is laid out as a card on a small screen, and browsers forget what it was. */
export function cell(tag, role, properties, ...children) {
  return h(tag, {role, ...properties}, ...children);
}
