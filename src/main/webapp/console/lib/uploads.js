// Uploads, each with its progress and the server's answer. They go on while the reader looks at another page of the console.
import {Problem, request, upload} from './api.js';
import {confirm} from './dialog.js';
import {byId, h, put} from './dom.js';
import {note, warnings} from './ui.js';
import {plural, route, sentence, size} from './words.js';

export const queue = new Map();
let number = 0;
export let limit = Infinity;

/** What a board can request: the rest of a name becomes hyphens. */
function suggestion(name) {
  return name.normalize('NFKD').replace(/[^A-Za-z0-9._~!$&'()*+,=:@-]+/g, '-').replace(/^[.-]+/, '') || 'update.bin';
}

window.addEventListener('beforeunload', event => {
  if ([...queue.values()].some(item => item.cancel)) {
    event.preventDefault();
  }
});

export function enqueue(file, onStored) {
  number++;
  const item = {file, onStored, state: 'waiting', cancel: null};
  const name = `path-${number}`;
  item.path = h('input', {id: name, value: suggestion(file.name), autocomplete: 'off', spellcheck: 'false', maxlength: '255'});
  item.bar = h('progress', {max: file.size || 1, value: '0', 'aria-label': `Upload of ${file.name}`, hidden: true});
  item.said = h('p', {class: 'exact', 'aria-hidden': 'true'});
  item.verdict = h('div', {class: 'verdict', role: 'status'});
  item.buttons = h('div', {class: 'buttons'});
  item.element = h('li', {class: 'upload'},
    h('p', {class: 'upload-name'}, h('b', {}, file.name), ' ', h('span', {class: 'exact'}, size(file.size))),
    h('div', {class: 'upload-line'}, h('div', {class: 'field grow'}, h('label', {for: name}, 'Path on the server'), item.path), item.buttons),
    item.bar, item.said, item.verdict);
  queue.set(item, item);
  offer(item);
  if (file.size > limit) {
    refuse(item, `The file has ${size(file.size)}, and the server takes ${size(limit)} at most. Its operator sets that: fuota.max.file.bytes.`);
  }
  return item;
}

function offer(item, isReplacing = false) {
  item.state = 'waiting';
  item.cancel = null;
  item.path.disabled = false;
  put(item.buttons,
    h('button', {type: 'button', class: 'primary', onclick: () => start(item, isReplacing)}, isReplacing ? 'Replace it' : 'Upload'),
    h('button', {type: 'button', onclick: () => drop(item)}, 'Remove'));
}

function refuse(item, text) {
  item.state = 'refused';
  put(item.verdict, note('bad', h('p', {}, h('b', {}, 'Not stored. '), text)));
  put(item.buttons,
    h('button', {type: 'button', onclick: () => start(item, false)}, 'Try again'),
    h('button', {type: 'button', onclick: () => drop(item)}, 'Remove'));
}

/** It can be had, but must not be had by a reflex. */
function refuseUnlessForced(item, text, isReplacing) {
  refuse(item, text);
  const verb = isReplacing ? 'Replace anyway' : 'Upload anyway';
  const force = h('button', {type: 'button', class: 'danger', onclick: async () => {
    const isWanted = await confirm(`${verb}?`, [
      h('p', {}, text),
      h('p', {}, 'These boards would download it, start it, report the same version again, and so on without end. Nothing stops that but to withdraw the file from them.')], verb);
    if (isWanted) {
      start(item, isReplacing, true);
    }
  }}, `${verb}\u2026`);
  item.buttons.lastElementChild.before(force);
}

function drop(item) {
  queue.delete(item);
  const next = item.element.nextElementSibling ?? item.element.previousElementSibling;
  item.element.remove();
  (next?.querySelector('input:not(:disabled), button') ?? byId('choose'))?.focus();
  item.onStored();
}

export async function start(item, isReplacing, isForced = false) {
  if (item.cancel) {
    return;
  }
  const path = item.path.value.trim();
  if (path === '') {
    put(item.verdict, note('bad', h('p', {}, 'It needs a path.')));
    item.path.focus();
    return;
  }
  let sent;
  try {
    sent = upload(path, item.file, isReplacing, isForced, (loaded, total) => {
      item.bar.max = total;
      item.bar.value = loaded;
      item.said.textContent = loaded < total ? `${size(loaded)} of ${size(total)} sent` : 'Sent. The server looks at it\u2026';
    });
  } catch (e) {
    if (!(e instanceof Problem)) {
      throw e;
    }
    put(item.verdict, note('bad', h('p', {}, e.message)));
    item.path.focus();
    return;
  }
  item.state = 'running';
  item.path.disabled = true;
  item.bar.hidden = false;
  item.verdict.replaceChildren();
  item.cancel = sent.cancel;
  const cancel = h('button', {type: 'button', onclick: sent.cancel}, 'Cancel');
  put(item.buttons, cancel);
  cancel.focus();
  const done = () => {
    item.cancel = null;
    item.path.disabled = false;
    item.bar.hidden = true;
    item.said.textContent = '';
  };
  try {
    stored(item, await sent.answer, done);
  } catch (e) {
    done();
    if (e.name === 'AbortError') {
      put(item.verdict, note('info', h('p', {}, 'Cancelled. On the server nothing has changed.')));
      offer(item);
    } else if (!(e instanceof Problem)) {
      throw e;
    } else if (e.status === 412 && !isReplacing) {
      offer(item, true);
      item.path.addEventListener('input', () => offer(item), {once: true});
      put(item.verdict, note('warn', h('p', {}, 'There is an update file at this path already. Replace it, and boards that are assigned it are offered the new bytes; or choose another path.')));
    } else if (e.isForcible) {
      refuseUnlessForced(item, e.message, isReplacing);
    } else if (e.kind === 'network') {
      refuse(item, `${await explain(item.file)}`);
    } else {
      refuse(item, e.message);
    }
  }
  item.buttons.querySelector('button')?.focus();
}

/** A server that refuses a body without reading it may close the connection before the browser has read why. */
async function explain(file) {
  try {
    await readFiles();
  } catch (e) {
    return e.message;
  }
  return file.size > limit ? `The server takes ${size(limit)} at most. Its operator sets that: fuota.max.file.bytes.`
    : 'The connection broke while the file was on its way. Try again.';
}

function stored(item, answer, done) {
  done();
  item.state = 'stored';
  item.path.disabled = true;
  const image = answer.image;
  const facts = image.note !== undefined ? [h('p', {}, sentence(image.note))] : [h('p', {},
    `Application for ${image.chip}: ${image.project} ${image.version}, ESP-IDF ${image.esp_idf}, compiled ${image.compiled}, ${image.signed ? 'signed' : 'not signed'}.`)];
  put(item.verdict,
    note('good', h('p', {}, h('b', {}, answer.changed ? 'Stored. ' : 'Unchanged: the same bytes were there already. '), plural(answer.size, 'byte'), ' as ', h('span', {class: 'path'}, answer.path), '.'),
      facts, h('p', {class: 'exact'}, 'SHA-256 ', h('span', {class: 'digest'}, answer.sha256))),
    warnings(answer.warnings));
  put(item.buttons,
    h('a', {class: 'button primary', href: route('new-rollout', {file: answer.path})}, 'Roll it out'),
    h('a', {class: 'button', href: route('ship', {file: answer.path})}, 'Ship it'),
    h('button', {type: 'button', onclick: () => drop(item)}, 'Done'));
  item.onStored();
}

/** The list of files; and learns how long one may be. */
export async function readFiles(signal) {
  const response = await request('GET', 'files', {signal});
  limit = Number(/max-size=(\d+)/.exec(response.headers.get('Upload-Limit') ?? '')?.[1] ?? Infinity);
  return response.json();
}
