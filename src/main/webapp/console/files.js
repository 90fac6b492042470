// The update files: upload, see, delete.
import {filePath, Problem, request, upload, url} from './api.js';
import {confirm, dialogue, h, icon, keyed, note, plural, put, refresh, route, sentence, size, toast, warnings} from './dom.js';
import {live} from './live.js';
import {both} from './time.js';
import {withdrawFromAll} from './withdraw.js';

// Uploads go on while the reader looks at another page of the console.
const queue = new Map();
let number = 0;
let limit = Infinity;

/** What a board can request: the rest of a name becomes hyphens. */
function suggestion(name) {
  return name.normalize('NFKD').replace(/[^A-Za-z0-9._~!$&'()*+,=:@-]+/g, '-').replace(/^[.-]+/, '') || 'update.bin';
}

window.addEventListener('beforeunload', event => {
  if ([...queue.values()].some(item => item.cancel)) {
    event.preventDefault();
  }
});

function enqueue(file, onStored) {
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
  (next?.querySelector('input:not(:disabled), button') ?? document.getElementById('choose'))?.focus();
  item.onStored();
}

async function start(item, isReplacing, isForced = false) {
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
    await readLimit();
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
    h('a', {class: 'button primary', href: route('ship', {file: answer.path})}, 'Ship it'),
    h('button', {type: 'button', onclick: () => drop(item)}, 'Done'));
  item.onStored();
}

async function readLimit(signal) {
  const response = await request('GET', 'files', {signal});
  limit = Number(/max-size=(\d+)/.exec(response.headers.get('Upload-Limit') ?? '')?.[1] ?? Infinity);
  return response.json();
}

export function open(main) {
  document.title = 'Update files \u00b7 Fuota';
  const uploads = h('ul', {class: 'uploads', id: 'uploads'});
  const all = h('div', {class: 'buttons', id: 'upload-all'});
  const input = h('input', {type: 'file', multiple: true, id: 'choose', onchange: () => {
    take(input.files);
    input.value = '';
  }});
  const hint = h('p', {class: 'hint'});
  const zone = h('div', {class: 'drop', id: 'drop'}, icon('up'),
    h('p', {}, h('label', {for: 'choose'}, 'Choose update files'), ', or drop them here'), input, hint);
  const body = h('tbody', {role: 'rowgroup', id: 'files'});
  const th = (text, properties = {}) => h('th', {role: 'columnheader', scope: 'col', ...properties}, text);
  const table = h('table', {role: 'table', class: 'cards', 'aria-label': 'Update files', hidden: true},
    h('thead', {role: 'rowgroup'}, h('tr', {role: 'row'}, th('File'), th('Size'), th('SHA-256'), th('Chip'), th('Project'), th('Version'),
      th('Stored'), th('Used by'), th('Actions'))), body);
  const empty = h('div', {}, h('p', {class: 'loading'}, 'Loading\u2026'));
  const told = h('div', {role: 'status'});
  main.append(h('h1', {tabindex: '-1'}, 'Update files'), zone, uploads, all,
    h('section', {class: 'panel', 'aria-labelledby': 'files-title'}, h('h2', {id: 'files-title', class: 'visually-hidden'}, 'Files on the server'), told, table, empty));

  zone.addEventListener('dragover', event => {
    event.preventDefault();
    zone.classList.add('over');
  });
  zone.addEventListener('dragleave', () => zone.classList.remove('over'));
  zone.addEventListener('drop', event => {
    event.preventDefault();
    zone.classList.remove('over');
    take(event.dataTransfer.files);
  });

  function take(chosen) {
    for (const file of chosen) {
      uploads.append(enqueue(file, () => refreshing.run()).element);
    }
    showAll();
    uploads.lastElementChild?.querySelector('input')?.focus();
  }

  function showAll() {
    const waiting = [...queue.values()].filter(item => item.state === 'waiting');
    put(all, waiting.length < 2 ? [] : h('button', {type: 'button', class: 'primary', id: 'upload-all-button', onclick: () => {
      waiting.forEach(item => start(item, false));
      showAll();
    }}, `Upload all ${waiting.length}`));
  }

  function row(file) {
    const td = (label, ...content) => h('td', {role: 'cell', 'data-label': label}, content);
    const or = text => text ?? h('span', {class: 'none'}, '\u2013');
    return h('tr', {role: 'row'},
      td('File', h('span', {class: 'path'}, file.path)),
      td('Size', h('span', {class: 'nowrap', title: plural(file.size, 'byte')}, size(file.size))),
      td('SHA-256', h('span', {class: 'nowrap'}, h('span', {class: 'digest', title: file.sha256}, file.sha256.slice(0, 12), '\u2026'),
        h('button', {type: 'button', class: 'icon-button', 'aria-label': `Copy the SHA-256 of ${file.path}`, title: 'Copy', onclick: () => copy(file.sha256)}, icon('copy')))),
      td('Chip', or(file.chip)), td('Project', or(file.project)), td('Version', or(file.version)),
      td('Stored', both(file.uploaded)),
      td('Used by', file.devices === 0 ? h('span', {class: 'none'}, 'no board')
        : h('a', {class: 'nowrap', href: route('fleet', {file: file.path})}, plural(file.devices, 'board'))),
      td('Actions', h('div', {class: 'buttons'},
        h('a', {class: 'button', href: route('ship', {file: file.path}), 'aria-label': `Ship ${file.path}`}, 'Ship'),
        h('a', {class: 'button', href: url(filePath(file.path)).href, download: true, 'aria-label': `Download ${file.path}`}, 'Download'),
        file.devices === 0 ? null : h('button', {type: 'button', 'aria-label': `Withdraw ${file.path} from all boards`, onclick: () => withdraw(file)}, 'Withdraw from all\u2026'),
        h('button', {type: 'button', 'aria-label': `Delete ${file.path}`, onclick: () => remove(file)}, 'Delete'))));
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      toast('The SHA-256 is copied.');
    } catch {
      toast(`This browser doesn\u2019t let it be copied. It is ${text}`, 'bad');
    }
  }

  async function withdraw(file) {
    put(told, await withdrawFromAll(file.path));
    refreshing.run();
  }

  async function remove(file) {
    if (file.devices > 0) {
      const chosen = await dialogue('It is in use', [
        h('p', {}, h('span', {class: 'path'}, file.path), ` is assigned to ${plural(file.devices, 'board')}, and the server deletes no file that is. Assign them another file, or withdraw it, first.`),
        h('p', {}, h('a', {href: route('fleet', {file: file.path}), onclick: event => event.target.closest('dialog').close()}, 'Show these boards'))],
      [{text: 'Close', value: '', isFirst: true}, {text: 'Withdraw from all boards\u2026', value: 'withdraw'}]);
      if (chosen === 'withdraw') {
        await withdraw(file);
      }
      return;
    }
    const isWanted = await confirm('Delete the update file?', [
      h('p', {}, h('span', {class: 'path'}, file.path), ` (${size(file.size)}) is deleted from the server\u2019s disk. No board is assigned it; a board that is downloading it goes on to its end.`),
      h('p', {}, 'This can\u2019t be undone.')], 'Delete');
    if (!isWanted) {
      return;
    }
    try {
      await request('DELETE', filePath(file.path), {headers: {'If-Match': `"${file.sha256}"`}});
      toast(`${file.path} is deleted.`);
    } catch (e) {
      if (!(e instanceof Problem)) {
        throw e;
      }
      toast(e.message, 'bad');
    }
    refreshing.run();
  }

  async function load(signal) {
    const files = await readLimit(signal);
    refresh(hint, 'Give each version a path of its own, such as app.bin.1.2.0.',
      limit < Infinity ? ` At most ${size(limit)} each.` : null);
    keyed(body, files, file => file.path, row);
    table.hidden = files.length === 0;
    refresh(empty, files.length > 0 ? [] : h('div', {class: 'empty'}, h('p', {}, 'No update files yet.'),
      h('p', {}, 'Upload what the build made, as a rule build/PROJECT.bin.')));
    showAll();
  }

  const refreshing = live(load);
  for (const item of queue.values()) {
    item.onStored = () => refreshing.run();
    uploads.append(item.element);
  }
  refreshing.run();
  return {close: refreshing.close};
}
