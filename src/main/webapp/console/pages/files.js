// The update files: upload, see, delete.
import {Problem, filePath, request, url} from '../lib/api.js';
import {confirm, dialogue} from '../lib/dialog.js';
import {h, keyed, put, refresh} from '../lib/dom.js';
import {live} from '../lib/live.js';
import {both} from '../lib/time.js';
import {icon, toast} from '../lib/ui.js';
import {enqueue, limit, queue, readFiles, start} from '../lib/uploads.js';
import {withdrawFromAll} from '../lib/withdraw.js';
import {plural, route, size} from '../lib/words.js';

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
    const files = await readFiles(signal);
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
