// The update files, by project and version: upload, see who has and who needs them, delete.
import {filePath, json, url} from '../lib/api.js';
import {h, keyed, put, refresh} from '../lib/dom.js';
import {copy, remove, withdraw} from '../lib/file-acts.js';
import {byProject} from '../lib/file-groups.js';
import {live} from '../lib/live.js';
import {rolloutLink, stateBadge} from '../lib/rollout-parts.js';
import {isAdmin} from '../lib/session.js';
import {both} from '../lib/time.js';
import {icon} from '../lib/ui.js';
import {enqueue, limit, queue, readFiles, start} from '../lib/uploads.js';
import {count, plural, route, size} from '../lib/words.js';

const COLUMNS = ['Version', 'File', 'Chip', 'Stored', 'Assigned to', 'Rollouts', 'Taken by', 'Actions'];
/** Counting who has taken which image takes a while in a large fleet. */
const COUNT_MILLIS = 60_000;

export function open(main) {
  document.title = 'Update files \u00b7 Fuota';
  let taken = new Map();
  let countedAt = 0;
  const uploads = h('ul', {class: 'uploads', id: 'uploads'});
  const all = h('div', {class: 'buttons', id: 'upload-all'});
  const input = h('input', {type: 'file', multiple: true, id: 'choose', onchange: () => {
    take(input.files);
    input.value = '';
  }});
  const hint = h('p', {class: 'hint'}, '\u2026');
  const zone = h('div', {class: 'drop', id: 'drop'}, icon('up'),
    h('p', {}, h('label', {for: 'choose'}, 'Choose update files'), ', or drop them here'), input, hint);
  const told = h('div', {role: 'status'});
  const projects = h('div', {id: 'files'});
  const empty = h('div', {}, h('p', {class: 'loading'}, 'Loading\u2026'));
  main.append(h('h1', {tabindex: '-1'}, 'Update files'), zone, uploads, all, told, projects, empty);

  zone.addEventListener('dragover', event => {
    event.preventDefault();
    zone.classList.add('over');
  });
  zone.addEventListener('dragleave', () => zone.classList.remove('over'));
  zone.addEventListener('drop', event => {
    event.preventDefault();
    zone.classList.remove('over');
    take(event.dataTransfer?.files ?? []);
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

  function section({project, files}, rollouts) {
    const title = `project-${project}`;
    const running = files.map(file => ({file, boards: taken.get(file.sha256) ?? 0})).filter(one => one.boards > 0);
    const boards = running.reduce((sum, one) => sum + one.boards, 0);
    return h('section', {class: 'panel', 'aria-labelledby': title},
      h('div', {class: 'panel-head'}, h('h2', {id: title}, project || 'Other files, which are no applications for an ESP32'),
        project ? h('a', {href: route('fleet', {project}), class: 'exact'}, boards === 0 ? 'No board is known to have taken one' : `Boards took ${running.slice(0, 4).map(one => `${one.file.version}: ${count(one.boards)}`).join(', ')}`) : null),
      h('table', {role: 'table', class: 'cards', 'aria-label': `Files of ${project || 'no project'}`},
        h('thead', {role: 'rowgroup'}, h('tr', {role: 'row'}, COLUMNS.map(text => h('th', {role: 'columnheader', scope: 'col'}, text)))),
        h('tbody', {role: 'rowgroup'}, files.map(file => row(file, rollouts.filter(one => one.file === file.path))))));
  }

  function row(file, rollouts) {
    const td = (label, ...content) => h('td', {role: 'cell', 'data-label': label}, content);
    const none = text => h('span', {class: 'none'}, text);
    const has = taken.get(file.sha256) ?? 0;
    const button = (act, text, says) => h('button', {type: 'button', class: 'link', 'data-act': act, 'data-path': file.path, 'aria-label': says}, text);
    return h('tr', {role: 'row'},
      td('Version', file.version === null ? none('\u2013') : h('b', {class: 'version'}, file.version)),
      td('File', h('span', {class: 'path'}, file.path), h('span', {class: 'exact'}, h('span', {title: plural(file.size, 'byte')}, size(file.size)), ' \u00b7 SHA-256 ',
        h('span', {class: 'digest', title: file.sha256}, file.sha256.slice(0, 12), '\u2026'),
        h('button', {type: 'button', class: 'icon-button', 'data-act': 'copy', 'data-path': file.path, 'aria-label': `Copy the SHA-256 of ${file.path}`, title: 'Copy'}, icon('copy')))),
      td('Chip', file.chip ?? none('\u2013')),
      td('Stored', both(file.uploaded)),
      td('Assigned to', file.devices === 0 ? none('no board') : h('a', {class: 'nowrap', href: route('fleet', {file: file.path})}, plural(file.devices, 'board'))),
      td('Rollouts', rollouts.length === 0 ? none('none') : rollouts.map(one => h('div', {}, rolloutLink(one.name), ' ', stateBadge(one.state)))),
      td('Taken by', has === 0 ? none('no board') : h('a', {class: 'nowrap', href: route('fleet', {image: file.sha256})}, plural(has, 'board'))),
      td('Actions', h('div', {class: 'file-acts'},
        isAdmin() ? [h('a', {class: 'button', href: route('new-rollout', {file: file.path}), 'aria-label': `Roll out ${file.path}`}, 'Roll out'),
          h('a', {href: route('ship', {file: file.path}), 'aria-label': `Ship ${file.path}`}, 'Ship')] : null,
        h('a', {href: url(filePath(file.path)).href, download: true, 'aria-label': `Download ${file.path}`}, 'Download'),
        isAdmin() ? [file.devices === 0 ? null : button('withdraw', 'Withdraw from all\u2026', `Withdraw ${file.path} from all boards`), button('remove', 'Delete', `Delete ${file.path}`)] : null)));
  }

  let files = [];
  let rollouts = [];
  projects.addEventListener('click', async event => {
    const button = event.target instanceof Element ? event.target.closest('[data-act]') : null;
    const file = files.find(one => one.path === button?.getAttribute('data-path'));
    if (!file) {
      return;
    }
    switch (button?.getAttribute('data-act')) {
      case 'copy':
        await copy(file.sha256);
        return;
      case 'withdraw':
        await withdraw(file, told);
        break;
      default:
        await remove(file, rollouts.filter(one => one.file === file.path), told);
    }
    refreshing.run();
  });

  async function load(signal) {
    [files, rollouts] = await Promise.all([readFiles(signal), json('rollouts', {}, signal).then(list => list.filter(one => one.state !== 'stopped'))]);
    zone.hidden = !isAdmin();
    refresh(hint, 'Give each version a path of its own, such as app.bin.1.2.0. Nothing is offered to boards by uploading.', limit < Infinity ? ` At most ${size(limit)} each.` : null);
    show();
    if (Date.now() - countedAt > COUNT_MILLIS) {
      taken = new Map((await json('fleet', {by: 'image'}, signal)).map(one => [one.sha256, one.devices]));
      countedAt = Date.now();
      show();
    }
  }

  function show() {
    keyed(projects, byProject(files), one => one.project, one => section(one, rollouts));
    refresh(empty, files.length > 0 ? [] : h('div', {class: 'empty'}, h('p', {}, 'No update files yet.'), h('p', {}, 'Upload what the build made, as a rule build/PROJECT.bin.')));
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
