// The fleet: how many boards are in each state, which versions run, and a table that the URL describes.
import {json} from '../lib/api.js';
import {h, put, refresh, svg} from '../lib/dom.js';
import {live} from '../lib/live.js';
import {FILTERS, asTarget, filters, keepSelection, selection} from '../lib/selection.js';
import {STATES, stateName} from '../lib/states.js';
import {both, localised} from '../lib/time.js';
import {badge, boardLink, cell, icon} from '../lib/ui.js';
import {count, plural, route} from '../lib/words.js';

const PAGE_BOARDS = 50;
const MOST_VERSIONS = 5;
const COLUMNS = [
  {field: 'device_id', text: 'Board'},
  {field: 'state', text: 'State'},
  {field: 'app_version', text: 'Version'},
  {field: 'update_file_path', text: 'Update'},
  {field: 'last_seen', text: 'Last seen', isDescendingFirst: true},
  {text: 'Evidence'},
];

export function open(main, first) {
  let query = first;
  let rows = new Map();
  let fresh = [];
  let typing = 0;
  let areAllVersionsShown = false;
  let lastVersions = [];
  let lastStates = null;
  document.title = 'Fleet \u00b7 Fuota';

  const tiles = h('ul', {class: 'tiles', id: 'tiles'});
  const chart = h('div', {id: 'versions'});
  const versionsMore = h('button', {type: 'button', class: 'link', 'aria-controls': 'versions', hidden: true, onclick: () => {
    areAllVersionsShown = !areAllVersionsShown;
    showVersions(lastVersions, query.version);
  }});
  const search = h('input', {type: 'search', id: 'search', placeholder: 'Id, version or file', autocomplete: 'off',
    spellcheck: 'false', oninput: () => {
      clearTimeout(typing);
      typing = setTimeout(() => go({search: search.value.trim(), offset: ''}), 250);
    }});
  const clones = h('input', {type: 'checkbox', id: 'clones', onchange: () =>
    go({clone: clones.checked ? 'true' : '', offset: ''})});
  const chips = h('div', {class: 'chips', id: 'chips'});
  const picked = h('div', {class: 'picked', id: 'picked'});
  const changed = h('p', {class: 'changed', hidden: true},
    'The order of the list has changed. ', h('button', {type: 'button', id: 'reorder', onclick: () => apply(fresh)}, 'Show it'));
  const pickAll = h('input', {type: 'checkbox', id: 'pick-all', 'aria-label': 'Select all boards on this page', onchange: () => {
    // Read once: each row that is picked sets the box anew.
    const isPicked = pickAll.checked;
    for (const [id, row] of rows) {
      pick(id, isPicked);
      row.querySelector('input').checked = isPicked;
    }
  }});
  const head = h('thead', {role: 'rowgroup'});
  const body = h('tbody', {role: 'rowgroup', id: 'boards'});
  const table = h('table', {role: 'table', class: 'cards', 'aria-label': 'Boards'}, head, body);
  const empty = h('div', {id: 'empty'});
  const pager = h('nav', {class: 'pager', 'aria-label': 'Pages of boards', id: 'pager'});

  main.append(
    h('h1', {tabindex: '-1'}, 'Fleet'),
    h('div', {class: 'overview'},
      h('section', {'aria-labelledby': 'states-title'}, h('h2', {id: 'states-title'}, 'Boards by state'), tiles),
      h('section', {'aria-labelledby': 'versions-title'}, h('h2', {id: 'versions-title'}, 'Versions'), chart, versionsMore)),
    h('section', {'aria-labelledby': 'boards-title', class: 'panel'},
      h('h2', {id: 'boards-title', class: 'visually-hidden'}, 'Boards'),
      h('div', {class: 'toolbar'},
        h('div', {class: 'field grow'}, h('label', {for: 'search'}, 'Search'), search),
        h('div', {class: 'check'}, clones, h('label', {for: 'clones'}, 'Only clones (two boards with one id)'))),
      chips, picked, changed, table, empty, pager));
  put(body, Array.from({length: 6}, () => h('tr', {class: 'skeleton', role: 'row'},
    cell('td', 'cell', {colspan: COLUMNS.length + 1}, h('span', {class: 'visually-hidden'}, 'Loading')))));

  function go(change) {
    location.replace(route('fleet', {...query, ...change}));
  }

  function pick(id, isPicked) {
    if (isPicked) {
      selection.add(id);
    } else {
      selection.delete(id);
    }
    keepSelection();
    showPicked();
  }

  function showPicked() {
    refresh(picked, selection.size === 0 ? [] : [
      h('span', {}, `${plural(selection.size, 'board')} selected`),
      h('a', {class: 'button', href: route('ship', {boards: 'selection'})}, 'Ship to the selection')]);
    if (selection.size > 0) {
      picked.append(h('button', {type: 'button', class: 'quiet', onclick: () => {
        selection.clear();
        keepSelection();
        for (const box of table.querySelectorAll('input[type=checkbox]')) {
          box.checked = false;
        }
        showPicked();
      }}, 'Clear'));
    }
    pickAll.checked = rows.size > 0 && [...rows.keys()].every(id => selection.has(id));
    pickAll.indeterminate = !pickAll.checked && [...rows.keys()].some(id => selection.has(id));
  }

  /** What depends on the URL alone. */
  function showQuery() {
    if (document.activeElement !== search) {
      search.value = query.search ?? '';
    }
    clones.checked = query.clone === 'true';
    const value = name => name === 'state' ? stateName(query.state) : query[name];
    put(chips, ['state', 'version', 'file', 'rollout', 'outcome', 'group'].filter(name => query[name]).map(name =>
      h('a', {class: 'chip', href: route('fleet', {...query, [name]: '', offset: ''}), 'aria-label': `Remove the filter: ${name} ${value(name)}`},
        h('span', {class: 'chip-name'}, name), h('span', {class: 'chip-value'}, value(name)), icon('close'))));
    put(head, h('tr', {role: 'row'},
      cell('th', 'columnheader', {scope: 'col', class: 'tick'}, pickAll),
      COLUMNS.map(column => {
        const sort = query.sort ?? 'device_id';
        const isDown = sort === `-${column.field}`;
        const isSorted = column.field !== undefined && (isDown || sort === column.field);
        const isDownNext = isSorted ? !isDown : column.isDescendingFirst;
        const next = (isDownNext ? '-' : '') + column.field;
        return cell('th', 'columnheader', {scope: 'col', 'aria-sort': isSorted ? (isDown ? 'descending' : 'ascending') : null,
          class: column.text === 'Evidence' ? 'evidence' : null},
        column.field ? h('a', {href: route('fleet', {...query, sort: next === 'device_id' ? '' : next, offset: ''})},
          column.text, h('span', {class: 'arrow', 'aria-hidden': 'true'}, isSorted ? (isDown ? '\u2193' : '\u2191') : '')) : column.text);
      })));
  }

  async function load(signal) {
    const wanted = query;
    const {state, ...others} = filters(wanted);
    const {version, ...otherThanVersion} = filters(wanted);
    const offset = Number.parseInt(wanted.offset ?? '0', 10) || 0;
    const page = json('fleet', {...filters(wanted), sort: wanted.sort, offset, limit: PAGE_BOARDS}, signal);
    const byState = json('fleet', {...others, by: 'state'}, signal);
    const byVersion = json('fleet', {...otherThanVersion, by: 'version'}, signal);
    // The table first, where there is much to count. If that fails, so do these.
    byState.catch(() => {});
    byVersion.catch(() => {});
    const boards = await page;
    show(boards);
    const states = await byState;
    const all = states.reduce((sum, one) => sum + one.devices, 0);
    const matching = state ? states.find(one => one.state === state)?.devices ?? 0 : all;
    showStates(states, all, state);
    showPager(offset, boards.length, matching);
    showEmpty(boards.length, matching, offset);
    showVersions(await byVersion, version);
  }

  function showStates(states, all, state) {
    lastStates = states;
    refresh(tiles, [{state: '', devices: all}, ...states].map(one => h('li', {},
      h('a', {
        class: `tile ${one.state ? STATES[one.state]?.tone : 'all'}${one.devices ? '' : ' zero'}`,
        href: route('fleet', {...query, state: one.state === (state ?? '') ? '' : one.state, offset: ''}),
        'aria-current': one.state === (state ?? '') ? 'true' : null,
        title: one.state ? STATES[one.state]?.says : null,
      }, h('span', {class: 'tile-count'}, count(one.devices)),
      h('span', {class: 'tile-name'}, icon(one.state || 'all'), one.state ? stateName(one.state) : 'all')))));
  }

  function showVersions(versions, version) {
    lastVersions = versions;
    const all = versions.reduce((sum, one) => sum + one.devices, 0);
    const ordered = [...versions].sort((one, other) => other.devices - one.devices);
    const most = areAllVersionsShown ? ordered.length : MOST_VERSIONS;
    if (all === 0) {
      refresh(chart, h('p', {class: 'none'}, 'No board, no version.'));
      versionsMore.hidden = true;
      return;
    }
    refresh(chart, h('ol', {class: 'chart'}, ordered.slice(0, most).map(one => {
      const share = 100 * one.devices / all;
      const inner = [
        h('span', {class: 'chart-name'}, one.app_version ?? 'none reported'),
        svg('svg', {class: 'chart-bar', 'aria-hidden': 'true', focusable: 'false'},
          svg('rect', {width: '100%', height: '100%', class: 'track'}),
          svg('rect', {width: `${Math.max(share, 0.5)}%`, height: '100%', class: 'value'})),
        h('span', {class: 'chart-count'}, count(one.devices),
          h('span', {class: 'chart-share'}, share > 0 && share < 1 ? '<1 %' : `${Math.round(share)} %`))];
      return h('li', {}, one.app_version === null ? h('span', {class: 'chart-row'}, inner) : h('a', {
        class: 'chart-row',
        title: one.app_version,
        href: route('fleet', {...query, version: one.app_version === version ? '' : one.app_version, offset: ''}),
        'aria-current': one.app_version === version ? 'true' : null,
      }, inner));
    })));
    versionsMore.hidden = ordered.length <= MOST_VERSIONS;
    versionsMore.setAttribute('aria-expanded', String(areAllVersionsShown));
    versionsMore.textContent = areAllVersionsShown ? 'Show the most used only' : `Show all ${count(ordered.length)} versions`;
  }

  function cells(board) {
    return {
      id: [boardLink(board.device_id), board.clone ? h('span', {class: 'badge warn'}, icon('warning'), 'clone') : null],
      state: [badge(board.state)],
      version: [board.app_version === null ? h('span', {class: 'none'}, 'none') : h('span', {class: 'version'}, board.app_version)],
      update: [board.update_file_path === null ? h('span', {class: 'none'}, 'not assigned') : [
        h('span', {class: 'path'}, board.update_file_path),
        h('span', {class: 'exact'}, 'replaces ', board.replaces_version)]],
      seen: [both(board.last_seen)],
      evidence: [localised(board.evidence)],
    };
  }

  function row(board) {
    const own = cells(board);
    return h('tr', {role: 'row'},
      cell('td', 'cell', {class: 'tick'}, h('input', {type: 'checkbox', 'aria-label': `Select board ${board.device_id}`,
        checked: selection.has(board.device_id), onchange: event => pick(board.device_id, event.target.checked)})),
      cell('td', 'cell', {'data-cell': 'id', 'data-label': 'Board'}, own.id),
      cell('td', 'cell', {'data-cell': 'state', 'data-label': 'State'}, own.state),
      cell('td', 'cell', {'data-cell': 'version', 'data-label': 'Version'}, own.version),
      cell('td', 'cell', {'data-cell': 'update', 'data-label': 'Update'}, own.update),
      cell('td', 'cell', {'data-cell': 'seen', 'data-label': 'Last seen'}, own.seen),
      cell('td', 'cell', {'data-cell': 'evidence', 'data-label': 'Evidence', class: 'evidence'}, own.evidence));
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
    const isWanted = 'stale' in body.dataset;
    const isSame = boards.length === rows.size && boards.every((board, i) => [...rows.keys()][i] === board.device_id);
    const isReading = rows.size > 0 && (body.matches(':hover') || body.contains(document.activeElement));
    if (!isWanted && (isSame || isReading)) {
      changed.hidden = isSame;
    } else {
      apply(boards);
    }
  }

  function apply(boards) {
    const known = rows;
    rows = new Map(boards.map(board => [board.device_id, known.get(board.device_id) ?? row(board)]));
    delete body.dataset.stale;
    body.replaceChildren(...rows.values());
    table.hidden = rows.size === 0;
    changed.hidden = true;
    showPicked();
  }

  function showPager(offset, shown, matching) {
    if (matching === 0) {
      pager.replaceChildren();
      return;
    }
    const last = Math.max(0, Math.floor((matching - 1) / PAGE_BOARDS) * PAGE_BOARDS);
    const to = (text, name, target, isPossible) => h('a', isPossible
      ? {href: route('fleet', {...query, offset: target || ''}), 'aria-label': name}
      : {'aria-disabled': 'true', role: 'link', 'aria-label': name}, text);
    refresh(pager,
      h('p', {id: 'range'}, shown === 0 ? `None of ${count(matching)}` : `${count(offset + 1)}\u2013${count(offset + shown)} of ${plural(matching, 'board')}`),
      h('div', {class: 'pager-links'},
        to('First', 'First page', 0, offset > 0),
        to('Previous', 'Previous page', Math.max(0, offset - PAGE_BOARDS), offset > 0),
        to('Next', 'Next page', offset + PAGE_BOARDS, offset + shown < matching),
        to('Last', 'Last page', last, offset < last)),
      h('a', {class: 'button quiet', href: route('ship', {boards: 'filter', ...asTarget(query)})}, `Ship to all ${count(matching)}`));
  }

  function showEmpty(shown, matching, offset) {
    const isFiltered = FILTERS.some(name => query[name]);
    refresh(empty, shown > 0 ? [] : h('div', {class: 'empty'}, matching > 0 && offset > 0
      ? [h('p', {}, 'The list is shorter than it was.'), h('p', {}, h('a', {href: route('fleet', {...query, offset: ''})}, 'Go to its first page'))]
      : isFiltered
        ? [h('p', {}, 'No boards match.'), h('p', {}, h('a', {href: route('fleet')}, 'Show all boards'))]
        : [h('p', {}, 'No boards yet. A board is here as soon as it polls, or is assigned an update file.'),
          h('p', {}, h('a', {href: route('files')}, 'Upload an update file'), ', then ', h('a', {href: route('ship')}, 'ship it'), '.')]));
  }

  body.dataset.stale = 'true';
  showQuery();
  showPicked();
  const refreshing = live(load);
  refreshing.run();

  return {
    show(changedQuery) {
      const isSortFocused = head.contains(document.activeElement) ? document.activeElement.textContent.replace(/[\u2191\u2193]/, '') : null;
      query = changedQuery;
      // What the reader asked for may come in any order.
      body.dataset.stale = 'true';
      showQuery();
      // No link may lead to what was filtered before: those that are left lead on from here, and the pager must be counted anew.
      if (lastStates !== null) {
        showStates(lastStates, lastStates.reduce((sum, one) => sum + one.devices, 0), query.state);
        showVersions(lastVersions, query.version);
      }
      put(pager, h('p', {id: 'range'}, 'Counting\u2026'));
      if (isSortFocused) {
        [...head.querySelectorAll('a')].find(link => link.textContent.startsWith(isSortFocused))?.focus();
      }
      refreshing.run();
    },
    close() {
      clearTimeout(typing);
      refreshing.close();
    },
  };
}
