// The fleet: a table of boards that the URL describes, and what can be done with those that are selected.
import {json, url} from '../lib/api.js';
import {h, put, refresh} from '../lib/dom.js';
import {chips, fillValues, filterForm, views} from '../lib/fleet-filters.js';
import {COLUMNS, cells, heading, row} from '../lib/fleet-row.js';
import {live} from '../lib/live.js';
import {actOnSelection, showSelection} from '../lib/selected.js';
import {filters, isSelected, select} from '../lib/selection.js';
import {STATES, stateName} from '../lib/states.js';
import {cell, icon} from '../lib/ui.js';
import {count, plural, route} from '../lib/words.js';

const PAGE_BOARDS = 100;
const EXPORTED = 'device_id,state,since,app_version,last_seen,remote_addr,update_file_path,replaces_version,offers,clone,evidence';

export function open(main, first) {
  let query = first;
  let rows = new Map();
  let fresh = [];
  let matching = 0;
  let typing = 0;
  /** @type {{state: string, devices?: any}[]} */
  let counts = Object.keys(STATES).map(state => ({state}));
  document.title = 'Fleet \u00b7 Fuota';

  const search = h('input', {type: 'search', id: 'search', placeholder: 'Id, part of a MAC address, version or file', autocomplete: 'off', spellcheck: 'false', 'aria-label': 'Search boards', oninput: () => {
    clearTimeout(typing);
    typing = setTimeout(() => go({search: search.value.trim(), offset: ''}), 150);
  }});
  const states = h('ul', {class: 'tabs', id: 'states'});
  const filterBox = h('div', {});
  const more = h('details', {class: 'filters', ontoggle: () => more.open ? fillValues(filterBox) : undefined}, h('summary', {}, 'Filters'), filterBox);
  const chosen = h('div', {class: 'chips', id: 'chips'});
  const kept = h('div', {class: 'views', id: 'views'});
  const picked = h('div', {class: 'picked', id: 'picked', role: 'status'});
  const told = h('div', {id: 'told', role: 'status'});
  const changed = h('p', {class: 'changed', hidden: true}, 'The order of the list has changed. ', h('button', {type: 'button', id: 'reorder', onclick: () => apply(fresh)}, 'Show it'));
  const pickAll = h('input', {type: 'checkbox', id: 'pick-all', 'aria-label': 'Select all boards on this page', onchange: () => {
    // Read once: each row that is picked sets the box anew.
    const isPicked = pickAll.checked;
    rows.forEach((_, id) => select(id, isPicked));
    showTicks();
  }});
  const head = h('thead', {role: 'rowgroup'});
  const body = h('tbody', {role: 'rowgroup', id: 'boards'});
  const table = h('table', {role: 'table', class: 'cards dense', 'aria-label': 'Boards'}, h('colgroup', {}, h('col', {class: 'col-tick'}), COLUMNS.map(column => h('col', {class: `col-${column.name}`}))), head, body);
  const exported = h('a', {class: 'button quiet', id: 'export', download: 'fleet.csv'}, 'Export CSV');
  const empty = h('div', {id: 'empty'});
  const pager = h('nav', {class: 'pager', 'aria-label': 'Pages of boards', id: 'pager'});
  main.append(
    h('div', {class: 'fleet-head'}, h('h1', {tabindex: '-1'}, 'Fleet'), search, kept, exported),
    h('div', {class: 'filter-line'}, states, h('button', {type: 'button', class: 'link phone-only', id: 'pick-page', onclick: () => pickAll.click()}, 'Select this page'), more), chosen, picked, told, changed, h('div', {class: 'panel table-panel'}, table, empty, pager));
  put(body, Array.from({length: 12}, () => h('tr', {class: 'skeleton', role: 'row'}, cell('td', 'cell', {colspan: COLUMNS.length + 1}, h('span', {class: 'visually-hidden'}, 'Loading')))));

  function go(change) {
    location.replace(route('fleet', {...query, ...change}));
  }

  function showPicked() {
    const onPage = [...rows.keys()].filter(isSelected).length;
    pickAll.checked = rows.size > 0 && onPage === rows.size;
    pickAll.indeterminate = onPage > 0 && onPage < rows.size;
    showSelection(picked, onPage === rows.size && matching > rows.size ? matching : 0);
  }
  picked.addEventListener('click', async event => {
    const name = event.target instanceof Element ? event.target.closest('[data-act]')?.getAttribute('data-act') : null;
    if (name && await actOnSelection(name, told, filters(query), matching)) {
      showTicks();
      refreshing.run();
    }
  });

  /** What depends on the URL alone. */
  function showQuery() {
    if (document.activeElement !== search) {
      search.value = query.search ?? '';
    }
    if (!more.contains(document.activeElement)) {
      put(filterBox, filterForm(query, go));
      if (more.open) {
        fillValues(filterBox);
      }
    }
    chips(chosen, query);
    views(kept, query);
    exported.href = url('fleet', {...filters(query), columns: EXPORTED}).href;
    put(head, h('tr', {role: 'row'}, cell('th', 'columnheader', {scope: 'col', class: 'tick'}, pickAll), COLUMNS.map(column => heading(column, query))));
  }

  async function load(signal) {
    const wanted = query;
    const {state, ...others} = filters(wanted);
    const offset = Number.parseInt(wanted.offset ?? '0', 10) || 0;
    const byState = json('fleet', {...others, by: 'state'}, signal);
    // The table first, where there is much to count. If that fails, so does this.
    byState.catch(() => {});
    const boards = await json('fleet', {...filters(wanted), sort: wanted.sort, offset, limit: PAGE_BOARDS}, signal);
    show(boards);
    counts = await byState;
    matching = counts.reduce((sum, one) => sum + (state && one.state !== state ? 0 : one.devices), 0);
    showStates();
    showPager(offset, boards.length);
    showEmpty(boards.length, offset);
    showPicked();
  }

  function showStates() {
    const state = query.state ?? '';
    const all = counts.reduce((sum, one) => sum + one.devices, 0);
    refresh(states, [{state: '', devices: all}, ...counts].map(one => h('li', {}, h('a', {
      class: `tab ${STATES[one.state]?.tone ?? ''}${one.devices ? '' : ' zero'}`, title: STATES[one.state]?.says,
      href: route('fleet', {...query, state: one.state === state ? '' : one.state, offset: ''}), 'aria-current': one.state === state ? 'true' : null,
    }, icon(one.state || 'all'), one.state ? stateName(one.state) : 'all', ' ', h('b', {}, Number.isNaN(one.devices ?? NaN) ? '\u2013' : count(one.devices))))));
  }

  /** Rows that are there already keep their place; while the reader is among them, so does the order. */
  function show(boards) {
    fresh = boards;
    for (const board of boards) {
      const known = rows.get(board.device_id);
      if (known) {
        for (const [name, content] of Object.entries(cells(board))) {
          refresh(known.querySelector(`[data-cell=${name}]`), content);
        }
      }
    }
    const isSame = boards.length === rows.size && boards.every((board, i) => [...rows.keys()][i] === board.device_id);
    const isReading = rows.size > 0 && (body.matches(':hover') || body.contains(document.activeElement));
    if (!('stale' in body.dataset) && (isSame || isReading)) {
      changed.hidden = isSame;
    } else {
      apply(boards);
    }
  }

  function apply(boards) {
    const known = rows;
    rows = new Map(boards.map(board => [board.device_id, known.get(board.device_id) ?? row(board, (id, isPicked) => {
      select(id, isPicked);
      showTicks();
    })]));
    delete body.dataset.stale;
    body.replaceChildren(...rows.values());
    table.hidden = rows.size === 0;
    changed.hidden = true;
    showTicks();
  }

  function showTicks() {
    rows.forEach((one, id) => {
      one.querySelector('input').checked = isSelected(id);
    });
    showPicked();
  }

  function showPager(offset, shown) {
    const last = Math.max(0, Math.floor((matching - 1) / PAGE_BOARDS) * PAGE_BOARDS);
    const to = (text, name, target, isPossible) => h('a', isPossible ? {href: route('fleet', {...query, offset: target || ''}), 'aria-label': name}
      : {'aria-disabled': 'true', role: 'link', 'aria-label': name}, text);
    refresh(pager, matching === 0 ? [] : [
      h('p', {id: 'range'}, shown === 0 ? `None of ${count(matching)}` : `${count(offset + 1)}\u2013${count(offset + shown)} of ${plural(matching, 'board')}`),
      h('div', {class: 'pager-links'}, to('First', 'First page', 0, offset > 0), to('Previous', 'Previous page', Math.max(0, offset - PAGE_BOARDS), offset > 0),
        to('Next', 'Next page', offset + PAGE_BOARDS, offset + shown < matching), to('Last', 'Last page', last, offset < last))]);
  }

  function showEmpty(shown, offset) {
    refresh(empty, shown > 0 ? [] : h('div', {class: 'empty'}, matching > 0 && offset > 0
      ? [h('p', {}, 'The list is shorter than it was.'), h('p', {}, h('a', {href: route('fleet', {...query, offset: ''})}, 'Go to its first page'))]
      : Object.keys(filters(query)).length > 0 ? [h('p', {}, 'No boards match.'), h('p', {}, h('a', {href: route('fleet')}, 'Show all boards'))]
        : [h('p', {}, 'No boards yet. A board is here as soon as it polls, or is assigned an update file.'), h('p', {}, h('a', {href: route('join')}, 'Join the first board'), '.')]));
  }

  body.dataset.stale = 'true';
  showQuery();
  showStates();
  const refreshing = live(load);
  refreshing.run();
  return {
    show(changedQuery) {
      const sorted = head.contains(document.activeElement) ? document.activeElement?.textContent?.replace(/[\u2191\u2193]/, '') : null;
      query = changedQuery;
      // What the reader asked for may come in any order; and no link may lead to what was filtered before.
      body.dataset.stale = 'true';
      showQuery();
      showStates();
      put(pager, h('p', {id: 'range'}, 'Counting\u2026'));
      if (sorted) {
        [...head.querySelectorAll('a')].find(link => link.textContent?.startsWith(sorted))?.focus();
      }
      refreshing.run();
    },
    close() {
      clearTimeout(typing);
      refreshing.close();
    },
  };
}
