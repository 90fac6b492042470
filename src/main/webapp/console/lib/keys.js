// The keyboard: one letter where nothing is typed; and a list of them, which the reader may switch off.
import {dialogue} from './dialog.js';
import {byId, h} from './dom.js';
import {recall, remember} from './prefs.js';

/** What is pressed, one after the other; where it leads, or what it does; and what that is. */
const KEYS = [
  {keys: '/', does: focusSearch, says: 'Search boards'},
  {keys: 'g o', goes: '#/overview', says: 'Go to the overview'},
  {keys: 'g f', goes: '#/fleet', says: 'Go to the fleet'},
  {keys: 'g r', goes: '#/rollouts', says: 'Go to the rollouts'},
  {keys: 'g u', goes: '#/files', says: 'Go to the update files'},
  {keys: 'g s', goes: '#/ship', says: 'Ship: assign a file by hand'},
  {keys: 'g b', goes: '#/join', says: 'Join a board'},
  {keys: 'n', goes: '#/new-rollout', says: 'Make a rollout'},
  {keys: 'j', does: () => step(1), says: 'Next row of a table'},
  {keys: 'k', does: () => step(-1), says: 'Row before'},
  {keys: 'x', does: tick, says: 'Select the row, or not'},
  {keys: '!', does: () => byId('halt').click(), says: 'Stop all offers: asks first'},
  {keys: '?', does: help, says: 'Show these keys'},
];
const SEQUENCE_MILLIS = 1500;

let before = '';
let pressedAt = 0;

function focusSearch() {
  const search = document.querySelector('main input[type=search]');
  if (search instanceof HTMLInputElement) {
    search.focus();
    search.select();
  } else {
    location.hash = '#/fleet';
    // The page is shown by then.
    setTimeout(focusSearch);
  }
}

function rows() {
  return [...document.querySelectorAll('main tbody tr')].filter(row => row.querySelector('a'));
}

function step(by) {
  const all = rows();
  const at = all.findIndex(row => row.contains(document.activeElement));
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by))];
  next?.querySelector('a')?.focus();
}

function tick() {
  const box = document.activeElement?.closest('tr')?.querySelector('input[type=checkbox]');
  if (box instanceof HTMLInputElement) {
    box.click();
  }
}

export async function help() {
  if (document.querySelector('dialog[open]')) {
    return;
  }
  const isOn = recall('keys', true);
  const chosen = await dialogue('Keys', [
    h('dl', {class: 'keys'}, KEYS.map(key => h('div', {}, h('dt', {}, key.keys.split(' ').map((one, i) => [i ? ' ' : '', h('kbd', {}, one)])), h('dd', {}, key.says)))),
    h('p', {class: 'hint'}, isOn ? 'They act where nothing is typed.' : 'They are off in this browser; this list still opens by its button.')],
  [{text: isOn ? 'Switch them off' : 'Switch them on', value: 'switch'}, {text: 'Close', value: '', isFirst: true, kind: 'primary'}]);
  if (chosen === 'switch') {
    remember('keys', !isOn);
  }
}

function isTyping(target) {
  return target instanceof HTMLElement
    && (target.isContentEditable || target.matches('textarea, select, input:not([type=checkbox]):not([type=radio])'));
}

export function open() {
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || isTyping(event.target)
        || document.querySelector('dialog[open]') || !recall('keys', true)) {
      return;
    }
    const sequence = before && event.timeStamp - pressedAt < SEQUENCE_MILLIS ? `${before} ${event.key}` : event.key;
    const key = KEYS.find(one => one.keys === sequence) ?? KEYS.find(one => one.keys === event.key);
    before = KEYS.some(one => one.keys.startsWith(`${event.key} `)) ? event.key : '';
    pressedAt = event.timeStamp;
    if (!key) {
      return;
    }
    event.preventDefault();
    if (key.goes) {
      location.hash = key.goes;
    } else {
      key.does?.();
    }
  });
}
