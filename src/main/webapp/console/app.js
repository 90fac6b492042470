// Which page is shown: the part of the URL after the hash.
import {Problem, json} from './lib/api.js';
import {h, put} from './lib/dom.js';
import {localised} from './lib/time.js';
import {note} from './lib/ui.js';
import * as board from './pages/board.js';
import * as files from './pages/files.js';
import * as fleet from './pages/fleet.js';
import * as rollouts from './pages/rollouts.js';
import * as ship from './pages/ship.js';
import * as stop from './lib/stop.js';

const PAGES = {fleet, files, ship, rollouts, board};

let shown = null;

function parse(hash) {
  const [path, query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [name, ...rest] = path.split('/');
  const values = {};
  for (const part of query.split('&').filter(Boolean)) {
    const equals = part.indexOf('=');
    values[part.slice(0, equals < 0 ? undefined : equals)] = equals < 0 ? '' : decode(part.slice(equals + 1));
  }
  return {name: name || 'fleet', rest: rest.map(decode).join('/'), query: values};
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function show() {
  if (location.hash === '#main') {
    return;
  }
  const {name, rest, query} = parse(location.hash);
  const main = document.getElementById('main');
  for (const link of document.querySelectorAll('nav a')) {
    const isCurrent = link.dataset.page === (name === 'board' ? 'fleet' : name);
    if (isCurrent) {
      link.setAttribute('aria-current', name === link.dataset.page ? 'page' : 'true');
    } else {
      link.removeAttribute('aria-current');
    }
  }
  if (shown?.name === name && shown.rest === rest && shown.page.show) {
    shown.page.show(query);
    return;
  }
  const isFirst = shown === null;
  shown?.page.close?.();
  if (!Object.hasOwn(PAGES, name)) {
    document.title = 'Nothing here \u00b7 Fuota';
    put(main, h('h1', {tabindex: '-1'}, 'Nothing here'),
      h('p', {class: 'empty'}, 'The console has no such page. ', h('a', {href: '#/fleet'}, 'Go to the fleet'), '.'));
    shown = {name, rest, page: {}};
  } else {
    main.replaceChildren();
    shown = {name, rest, page: PAGES[name].open(main, query, rest)};
  }
  if (!isFirst) {
    window.scrollTo(0, 0);
    main.querySelector('h1')?.focus({preventScroll: true});
  }
}

/** Which of several servers answers, and what boards don't notice: a certificate's dates, which others look at, as will this browser; and files that rot on the disk. */
async function tellOfHealth() {
  try {
    const {certificate_valid_from: begin, certificate_days_left: days, node, lost_files: lost = []} = await json('health/ready');
    document.getElementById('node').textContent = node ? ` \u00b7 answered by ${node}` : '';
    put(document.getElementById('lost'), lost.length === 0 ? null
      : note('warn', h('p', {}, h('b', {}, 'Bytes are missing or damaged on the server\u2019s disk. '), `No board is offered these files until they are uploaded again: ${lost.slice(0, 10).join(', ')}${lost.length > 10 ? ', \u2026' : ''}`)));
    put(document.getElementById('certificate'), begin ? note('warn', h('p', {}, h('b', {}, 'The certificate isn\u2019t valid yet. '), localised(`By the server\u2019s clock it is from ${begin} on: whoever looks at dates refuses it until then. Is that clock right?`)))
      : days < 0 ? note('warn', h('p', {}, h('b', {}, 'The certificate has expired. '), 'Whoever looks at dates refuses it: renew it, with the same key where boards know it.')) : null);
  } catch (e) {
    if (!(e instanceof Problem)) {
      throw e;
    }
    // What is wrong then is told by the page that is shown.
  }
}

document.getElementById('skip').addEventListener('click', event => {
  event.preventDefault();
  document.getElementById('main').focus();
});
window.addEventListener('hashchange', show);
show();
stop.open();
tellOfHealth();
