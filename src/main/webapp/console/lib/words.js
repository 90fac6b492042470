// How things are said: pure functions of text and numbers, without a page.

// What nobody sees, and what turns the order of letters: an id may hold it, so that it must be seen.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u2800\u3164\uffa0]/gu;

/** With a mark in place of each character that can't be seen. */
export function visible(text) {
  return text.replace(UNSEEN, c => `\u27e8U+${c.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}\u27e9`);
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

/** With a large first letter, whatever it is. */
export function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The same as a sentence of its own: its first letter is large, unless it may be one of a file's name. */
export function sentence(text) {
  const words = said(text);
  return /^[a-z]+('[a-z]+)?[ ,:]/.test(words) ? words.charAt(0).toUpperCase() + words.slice(1) : words;
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
