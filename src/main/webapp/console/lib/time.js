// Times in the reader's zone, with UTC on hover; and how long ago, by the server's clock.
import {h} from './dom.js';

const EXACT = new Intl.DateTimeFormat(undefined, {dateStyle: 'medium', timeStyle: 'medium'});
const TIME = new Intl.DateTimeFormat(undefined, {timeStyle: 'medium'});
const DAY_AND_TIME = new Intl.DateTimeFormat(undefined, {month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit'});
const DATE = new Intl.DateTimeFormat(undefined, {dateStyle: 'medium'});
const WORDS = new Intl.RelativeTimeFormat('en', {numeric: 'auto'});
/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const UNITS = [['year', 31_557_600], ['month', 2_629_800], ['week', 604_800], ['day', 86_400], ['hour', 3600], ['minute', 60]];
const ISO = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z/g;

let ahead = 0;

/** What the server takes for now. */
export function now() {
  return Date.now() + ahead;
}

/** Learns how far the server's clock is ahead; its header knows seconds only. */
export function synchronise(date) {
  const server = Date.parse(date);
  if (!Number.isNaN(server) && Math.abs(server - now()) > 1500) {
    ahead = server - Date.now();
  }
}

export function words(iso) {
  const seconds = Math.min(0, Math.round((Date.parse(iso) - now()) / 1000));
  const [unit, length] = UNITS.find(([, one]) => -seconds >= one) ?? UNITS[UNITS.length - 1];
  return -seconds < 60 ? 'just now' : WORDS.format(Math.trunc(seconds / length), unit);
}

function utc(iso) {
  return `${iso.replace('T', ' ').replace(/(\.\d+)?Z$/, '')} UTC`;
}

export function exact(iso) {
  return h('time', {datetime: iso, title: utc(iso)}, EXACT.format(new Date(iso)));
}

export function ago(iso) {
  return h('time', {datetime: iso, title: `${EXACT.format(new Date(iso))}\n${utc(iso)}`, 'data-ago': true}, words(iso));
}

/** As short as it is clear: without the date today, without the year this year. All of it on hover. */
export function brief(iso) {
  const date = new Date(iso);
  const today = new Date(now());
  const format = date.toDateString() === today.toDateString() ? TIME : date.getFullYear() === today.getFullYear() ? DAY_AND_TIME : DATE;
  return h('time', {datetime: iso, title: `${EXACT.format(date)}\n${utc(iso)}`}, format.format(date));
}

/** In words, and exactly. */
export function both(iso) {
  return iso ? [ago(iso), h('span', {class: 'exact'}, brief(iso))] : h('span', {class: 'none'}, 'never');
}

/** A sentence of the server with its times in the reader's zone. */
export function localised(text) {
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(ISO)) {
    parts.push(text.slice(from, match.index), brief(match[0]));
    from = match.index + match[0].length;
  }
  return [...parts, text.slice(from)];
}

export function duration(seconds) {
  return seconds < 120 ? `${seconds} s` : seconds < 7200 ? `${Math.round(seconds / 60)} min`
    : seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`;
}

setInterval(() => {
  for (const time of document.querySelectorAll('time[data-ago]')) {
    const text = words(time.getAttribute('datetime'));
    if (time.textContent !== text) {
      time.textContent = text;
    }
  }
}, 5000);
