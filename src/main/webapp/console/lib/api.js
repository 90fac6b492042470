// The HTTP API, which is all that the console uses. What goes wrong becomes a Problem with a sentence for the reader.
import {synchronise} from './time.js';
import {said, sentence} from './words.js';

// Not document.baseURI, which may hold the credentials that a URL was typed with, and no request may.
const BASE = new URL('.', location.origin + location.pathname);

/** kind: "network", "login", "refused" or "trouble"; status is 0 without an answer; isForcible: the same can be had by force. */
export class Problem extends Error {
  constructor(kind, status, message, isForcible = false) {
    super(message);
    this.kind = kind;
    this.status = status;
    this.isForcible = isForcible;
  }
}

export function url(path, query = {}) {
  const target = new URL(path, BASE);
  // Not URLSearchParams, which writes a space as a plus: that is a plus to the server.
  target.search = Object.entries(query).filter(([, value]) => value !== '' && value !== null && value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  return target;
}

/** Of ids that no URL can hold, the browser would make another URL. */
export function isReachable(id) {
  return !id.split('/').some(part => part === '' || part === '.' || part === '..');
}

/** A board's id as the end of a URL's path. A slash, which only assignments of an older server have, stays one. */
export function segment(id) {
  return id.split('/').map(encodeURIComponent).join('/');
}

/** An update file's URL, whatever the reader has typed for a path. */
export function filePath(path) {
  const segments = path.split('/');
  if (segments.some(one => one === '' || one === '.' || one === '..')) {
    throw new Problem('refused', 400, 'The path has an empty segment, or one of dots.');
  }
  return `files/${segments.map(encodeURIComponent).join('/')}`;
}

export function csv(rows) {
  return rows.map(fields => `${fields.map(field => `"${field.replaceAll('"', '""')}"`).join(',')}\n`).join('');
}

export function problem(status, text) {
  const reason = text || 'the server gave no reason';
  if (status === 0) {
    return new Problem('network', 0, 'The server can\u2019t be reached. Check your network, and whether the server runs.');
  }
  if (status === 403) {
    return new Problem('login', status, `Your login isn\u2019t accepted for this: ${said(reason)}`);
  }
  return new Problem(status < 500 || status === 507 ? 'refused' : 'trouble', status, sentence(reason), reason.includes('?force=true'));
}

/**
 * An answer that is 2xx; any other is thrown as a Problem.
 *
 * @param {string} method
 * @param {string} path
 * @param {{query?: Record<string, any>, body?: BodyInit | null, headers?: Record<string, string>, signal?: AbortSignal}} [options]
 */
export async function request(method, path, {query, body, headers, signal} = {}) {
  let response;
  try {
    response = await fetch(url(path, query), {
      method, body, signal, cache: 'no-store', credentials: 'same-origin', redirect: 'error',
      headers: {Accept: 'application/json', ...headers},
    });
  } catch (e) {
    if (e.name === 'AbortError') {
      throw e;
    }
    throw problem(0);
  }
  synchronise(response.headers.get('Date'));
  if (!response.ok) {
    throw problem(response.status, await response.text().catch(() => ''));
  }
  return response;
}

/** The ids of some boards, as a list that the server takes back: however many there are, nobody reads it here. */
export async function idList(query) {
  const response = await request('GET', 'fleet', {query: {...query, fields: 'device_id'}, headers: {Accept: 'text/csv'}});
  try {
    return await response.blob();
  } catch {
    throw problem(0);
  }
}

export async function json(path, query, signal) {
  const response = await request('GET', path, {query, signal});
  try {
    return await response.json();
  } catch (e) {
    if (e.name === 'AbortError') {
      throw e;
    }
    throw problem(0);
  }
}

/** Uploads with progress: XMLHttpRequest, because fetch can't tell how much has gone out. */
export function upload(path, file, isReplacing, isForced, onProgress) {
  const target = url(filePath(path), {force: isForced ? 'true' : ''});
  const xhr = new XMLHttpRequest();
  const answer = new Promise((resolve, reject) => {
    xhr.open('PUT', target);
    xhr.setRequestHeader('Accept', 'application/json');
    xhr.setRequestHeader('Content-Type', 'application/octet-stream');
    if (!isReplacing) {
      xhr.setRequestHeader('If-None-Match', '*');
    }
    xhr.upload.addEventListener('progress', event => onProgress(event.loaded, event.total));
    xhr.addEventListener('load', () => {
      if (xhr.status >= 200 && xhr.status < 300) {
        resolve(JSON.parse(xhr.responseText));
      } else {
        reject(problem(xhr.status, xhr.responseText));
      }
    });
    xhr.addEventListener('error', () => reject(problem(0)));
    xhr.addEventListener('abort', () => reject(new DOMException('cancelled', 'AbortError')));
    xhr.send(file);
  });
  return {answer, cancel: () => xhr.abort()};
}
