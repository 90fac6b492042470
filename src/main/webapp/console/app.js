// Which page is shown: the part of the URL after the hash.
import {byId, h, put} from './lib/dom.js';
import * as keys from './lib/keys.js';
import {parse} from './lib/router.js';
import * as session from './lib/session.js';
import * as stop from './lib/stop.js';
import * as board from './pages/board.js';
import * as files from './pages/files.js';
import * as fleet from './pages/fleet.js';
import * as join from './pages/join.js';
import * as newRollout from './pages/new-rollout.js';
import * as overview from './pages/overview.js';
import * as rollout from './pages/rollout.js';
import * as rollouts from './pages/rollouts.js';
import * as ship from './pages/ship.js';
import * as watch from './pages/watch.js';

/** Each opens in main, by the query and the rest of the path; and gives back what shows another query, and what closes it. */
const PAGES = {overview, fleet, board, rollouts, rollout, 'new-rollout': newRollout, files, ship, watch, join};
/** Under which link of the bar a page stands that has none. */
const BELOW = {board: 'fleet', rollout: 'rollouts', 'new-rollout': 'rollouts', watch: 'ship'};

let shown = null;

function mark(name) {
  for (const link of document.querySelectorAll('nav a[data-page]')) {
    const page = link instanceof HTMLElement ? link.dataset.page : undefined;
    if (page === name || page === BELOW[name]) {
      link.setAttribute('aria-current', page === name ? 'page' : 'true');
    } else {
      link.removeAttribute('aria-current');
    }
  }
}

function show() {
  if (location.hash === '#main') {
    return;
  }
  const {name: named, rest, query} = parse(location.hash);
  const name = named === 'rollouts' && rest ? 'rollout' : named;
  const main = byId('main');
  mark(name);
  if (shown?.name === name && shown.rest === rest && shown.page.show) {
    shown.page.show(query);
    return;
  }
  const isFirst = shown === null;
  shown?.page.close?.();
  main.replaceChildren();
  shown = {name, rest, page: Object.hasOwn(PAGES, name) ? PAGES[name].open(main, query, rest) : nothing(main)};
  if (!isFirst) {
    window.scrollTo(0, 0);
    main.querySelector('h1')?.focus({preventScroll: true});
  }
}

function nothing(main) {
  document.title = 'Nothing here \u00b7 Fuota';
  put(main, h('h1', {tabindex: '-1'}, 'Nothing here'),
    h('p', {class: 'empty'}, 'The console has no such page. ', h('a', {href: '#/overview'}, 'Go to the overview'), '.'));
  return {};
}

byId('skip').addEventListener('click', event => {
  event.preventDefault();
  byId('main').focus();
});
window.addEventListener('hashchange', show);
show();
stop.open();
session.open();
keys.open();
