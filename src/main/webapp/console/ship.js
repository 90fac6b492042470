// Ship: a file, boards, a look at what it would do, and then watch it happen.
import {csv, json, Problem, request} from './api.js';
import {STATES, boardLink, confirm, count, fileLink, h, icon, note, plural, put, refresh, route, sentence, size, svg} from './dom.js';
import {filters, selection} from './fleet.js';
import {fine, live, trouble} from './live.js';
import {now} from './time.js';

const WEEK = 7 * 86_400_000;
const FIELDS = 'device_id,app_version,last_seen,update_file_path';
const WAYS = {
  version: 'Boards that report a version',
  selection: 'Boards selected in the fleet',
  filter: 'Boards that a filter of the fleet takes',
  list: 'A list of ids, or a CSV',
};

export function open(main, query) {
  return query.watch ? watch(main, query) : choose(main, query);
}

/** The fields of each line; quotes as in RFC 4180. Blank lines don't count. */
export function parseCsv(text) {
  const rows = [];
  let fields = [];
  for (const [, quoted, plain, end] of `${text.replace(/^\ufeff/, '').trimEnd()}\n`.matchAll(/(?:"((?:[^"]|"")*)"|([^,;\t\r\n]*))[ ]*(,|;|\t|\r?\n|\r)/g)) {
    fields.push(quoted === undefined ? plain.trim() : quoted.replaceAll('""', '"'));
    if (/[\r\n]/.test(end)) {
      if (fields.some(field => field !== '')) {
        rows.push(fields);
      }
      fields = [];
    }
  }
  return rows;
}

function choose(main, first) {
  document.title = 'Ship \u00b7 Fuota';
  let query = first;
  let files = [];
  let versions = [];

  const fileSelect = h('select', {id: 'ship-file', onchange: () => changed({file: fileSelect.value})});
  const fileFacts = h('p', {class: 'hint', id: 'ship-file-facts'});
  const ways = h('div', {class: 'ways', role: 'radiogroup', 'aria-labelledby': 'boards-title'});
  const chosen = h('div', {class: 'way', id: 'way'});
  const versionSelect = h('select', {id: 'ship-version', onchange: () => changed({version: versionSelect.value})});
  const list = h('textarea', {id: 'ship-list', rows: '7', spellcheck: 'false', placeholder: '00001\n00002\n\nor a line each: id, version to be replaced, file', oninput: stale});
  const listFile = h('input', {type: 'file', id: 'ship-csv', accept: '.csv,.txt,text/csv,text/plain', onchange: async () => {
    if (listFile.files[0]) {
      list.value = await listFile.files[0].text();
      stale();
    }
  }});
  const replaces = h('input', {id: 'ship-replaces', autocomplete: 'off', spellcheck: 'false', oninput: stale, placeholder: 'what each board reports'});
  const replacesField = h('div', {class: 'field'}, h('label', {for: 'ship-replaces'}, 'Version to be replaced'), replaces,
    h('p', {class: 'hint'}, 'A board is offered the file only while it reports this version. Leave it empty to take what each board reports now.'));
  const previewButton = h('button', {type: 'submit', class: 'primary', id: 'preview-button'}, 'Preview');
  const preview = h('div', {id: 'preview', 'aria-live': 'polite'}, h('p', {class: 'none'}, 'Nothing is sent to boards before you have seen it here.'));
  main.append(h('h1', {tabindex: '-1'}, 'Ship an update'),
    h('form', {class: 'steps', onsubmit: event => {
      event.preventDefault();
      look();
    }},
    h('section', {class: 'panel step', 'aria-labelledby': 'file-title'}, h('h2', {id: 'file-title'}, 'Choose a file'),
      h('div', {class: 'field'}, h('label', {for: 'ship-file'}, 'Update file'), fileSelect), fileFacts),
    h('section', {class: 'panel step', 'aria-labelledby': 'boards-title'}, h('h2', {id: 'boards-title'}, 'Choose boards'), ways, chosen),
    h('section', {class: 'panel step', 'aria-labelledby': 'preview-title'}, h('h2', {id: 'preview-title'}, 'See what it would do'),
      h('div', {class: 'buttons'}, previewButton), preview)));

  function way() {
    return Object.hasOwn(WAYS, query.boards ?? '') ? query.boards : 'version';
  }

  function changed(change) {
    query = {...query, ...change};
    history.replaceState(null, '', route('ship', query));
    showChoice();
    stale();
  }

  /** What was previewed isn't what is chosen any more. */
  function stale() {
    put(preview, h('p', {class: 'none'}, 'Nothing is sent to boards before you have seen it here.'));
  }

  function showChoice() {
    if (fileSelect.dataset.shown !== JSON.stringify(files)) {
      fileSelect.dataset.shown = JSON.stringify(files);
      put(fileSelect, h('option', {value: ''}, files.length ? 'Choose\u2026' : 'There are no update files yet'),
        files.map(file => h('option', {value: file.path}, file.path)));
    }
    fileSelect.value = query.file ?? '';
    const file = files.find(one => one.path === query.file);
    put(fileFacts, !file ? (files.length ? null : [h('a', {href: route('files')}, 'Upload one'), ' first.'])
      : `${file.project === null ? 'No application for an ESP32' : `${file.project} ${file.version} for ${file.chip}`}, ${size(file.size)}, assigned to ${plural(file.devices, 'board')} now.`);
    refresh(ways, Object.entries(WAYS).map(([name, text]) => h('label', {class: 'radio'},
      h('input', {type: 'radio', name: 'way', value: name, id: `way-${name}`}), h('span', {}, text))));
    for (const radio of ways.querySelectorAll('input')) {
      radio.checked = radio.value === way();
    }
    const wanted = filters(query);
    const parts = {
      version: () => [h('div', {class: 'field'}, h('label', {for: 'ship-version'}, 'Reported version'), versionSelect),
        h('p', {class: 'hint'}, 'Each of them is offered the file as long as it reports this version.')],
      selection: () => [h('p', {}, selection.size === 0 ? ['None is selected. ', h('a', {href: route('fleet')}, 'Tick boards in the fleet'), '.']
        : [`${plural(selection.size, 'board')}: `, [...selection].slice(0, 8).map((id, i) => [i ? ', ' : '', boardLink(id)]), selection.size > 8 ? ', \u2026' : '', '.']), replacesField],
      filter: () => [h('p', {}, Object.keys(wanted).length === 0 ? 'All boards of the fleet.'
        : ['Boards with ', Object.entries(wanted).map(([name, value], i) => [i ? ', ' : '', name, ' ', h('b', {}, value)]), '.'],
      ' ', h('a', {href: route('fleet', wanted)}, 'Change the filter')), replacesField],
      list: () => [h('div', {class: 'field'}, h('label', {for: 'ship-list'}, 'Ids, or CSV lines'), list),
        h('div', {class: 'field'}, h('label', {for: 'ship-csv'}, 'Or from a file'), listFile), replacesField],
    };
    // Only where there is something else to show: the field that the reader is in must stay.
    const key = JSON.stringify([way(), versions.length, selection.size, way() === 'filter' ? wanted : '']);
    if (chosen.dataset.key !== key) {
      chosen.dataset.key = key;
      put(versionSelect, versions.length === 0 ? h('option', {value: ''}, 'No board has reported a version')
        : [h('option', {value: ''}, 'Choose\u2026'), versions.map(one =>
          h('option', {value: one.app_version}, `${one.app_version} (${plural(one.devices, 'board')})`))]);
      put(chosen, parts[way()]());
    }
    versionSelect.value = query.version ?? '';
  }

  ways.addEventListener('change', event => changed({boards: event.target.value}));

  /** The boards that are meant, each with what it is to be assigned; or a sentence that says what is missing. */
  async function resolve() {
    const lines = way() === 'list' ? parseCsv(list.value) : [];
    const asked = {
      version: () => query.version ? {version: query.version} : 'Choose the version that the boards report.',
      selection: () => selection.size > 0 ? {} : 'Tick boards in the fleet first.',
      filter: () => filters(query),
      list: () => lines.length > 0 ? {} : 'Paste ids, a line each, or choose a CSV file.',
    }[way()]();
    if (typeof asked === 'string') {
      return asked;
    }
    const long = lines.find(fields => fields.length > 3);
    if (long) {
      return `The line of ${long[0]} has ${long.length} fields; it may have id, version and file.`;
    }
    if (!query.file && !(way() === 'list' && lines.every(fields => fields[2]))) {
      return 'Choose an update file.';
    }
    const known = new Map((await json('fleet', {...asked, fields: FIELDS})).map(board => [board.device_id, board]));
    const wanted = way() === 'list' ? lines : way() === 'selection' ? [...selection].map(id => [id]) : [...known.keys()].map(id => [id]);
    return wanted.map(([id, version, path]) => {
      const board = known.get(id);
      return {id, board, version: version || (way() === 'version' ? query.version : replaces.value.trim()) || board?.app_version || null,
        path: path || query.file};
    });
  }

  async function look(isForced = false) {
    put(preview, h('p', {class: 'loading'}, 'Asking the server what would come of it\u2026'));
    previewButton.disabled = true;
    try {
      const meant = await resolve();
      if (typeof meant === 'string') {
        put(preview, note('warn', h('p', {}, meant)));
        return;
      }
      const boards = meant.filter(board => board.version !== null);
      if (boards.length === 0) {
        put(preview, note('warn', h('p', {}, meant.length === 0 ? 'No board is like that.'
          : 'None of these boards has ever reported a version. Say which version is to be replaced.')));
        return;
      }
      const body = csv(boards.map(board => [board.id, board.version, board.path]));
      const answer = await request('PUT', 'devices', {query: {dry_run: 'true', force: isForced ? 'true' : ''}, body});
      show(boards, meant.length - boards.length, await answer.json(), body, isForced);
    } catch (e) {
      if (!(e instanceof Problem)) {
        throw e;
      }
      put(preview, note('bad', h('p', {}, h('b', {}, 'The server would refuse this. '), e.message),
        e.status === 409 ? h('button', {type: 'button', onclick: () => look(true)}, 'Preview it nevertheless') : null));
    } finally {
      previewButton.disabled = false;
    }
  }

  function show(boards, leftOut, report, body, isForced) {
    const paths = [...new Set(boards.map(board => board.path))];
    const unseen = boards.filter(board => !board.board?.last_seen);
    const old = boards.filter(board => board.board?.last_seen && now() - Date.parse(board.board.last_seen) > WEEK);
    const chipOf = path => files.find(file => file.path === path)?.chip ?? null;
    const target = [...new Set(paths.map(path => chipOf(path) ?? 'unknown'))].join(', ');
    const chips = tally(boards, board => chipOf(board.board?.update_file_path) ?? 'not known');
    const versionsReplaced = tally(boards, board => board.version);
    const fact = (name, ...value) => h('div', {}, h('dt', {}, name), h('dd', {}, value));
    const ids = some => [some.slice(0, 5).map((board, i) => [i ? ', ' : '', boardLink(board.id)]), some.length > 5 ? ', \u2026' : ''];
    put(preview,
      h('p', {class: 'lead', id: 'preview-lead'}, h('b', {}, plural(report.rows, 'board')), ' would be offered ',
        paths.length === 1 ? h('span', {class: 'path'}, paths[0]) : plural(paths.length, 'file'), '.'),
      h('ul', {class: 'tiles small'}, [['created', 'new'], ['changed', 'changed'], ['same', 'as they are']].map(([name, text]) =>
        h('li', {}, h('div', {class: `tile${report[name] ? '' : ' zero'}`, id: `preview-${name}`}, h('span', {class: 'tile-count'}, count(report[name])), h('span', {class: 'tile-name'}, text))))),
      h('dl', {class: 'facts'},
        fact('Replaces version', versionsReplaced.map(([version, many], i) => [i ? ', ' : '', h('span', {class: 'version'}, version), ` (${count(many)})`])),
        fact('Chip of the file', target),
        fact('Chip of their present files', chips.map(([chip, many], i) => `${i ? ', ' : ''}${chip} (${count(many)})`)),
        fact('Not seen for a week', old.length === 0 ? 'none' : [`${plural(old.length, 'board')}: `, ids(old)]),
        fact('Never polled', unseen.length === 0 ? 'none' : [`${plural(unseen.length, 'board')}: `, ids(unseen)]),
        leftOut === 0 ? null : fact('Left out', `${plural(leftOut, 'board')}, which never reported a version: say above which one is to be replaced`)),
      report.warnings.map(warning => note('warn', h('p', {}, sentence(warning)))),
      report.created + report.changed === 0 ? note('info', h('p', {}, 'All of them are so already: there is nothing to do. ', h('a', {href: route('ship', {watch: paths[0]})}, 'Watch them'), '.'))
        : h('div', {class: 'buttons'}, h('button', {type: 'button', class: 'primary', id: 'apply', onclick: () => apply(report, paths, body, isForced)}, `Ship to ${plural(report.rows, 'board')}\u2026`)));
  }

  async function apply(report, paths, body, isForced) {
    const isWanted = await confirm(`Ship to ${plural(report.rows, 'board')}?`, [
      h('p', {}, 'From their next poll on, these boards are offered ', paths.length === 1 ? h('span', {class: 'path'}, paths[0]) : plural(paths.length, 'file'),
        ', download it, and start it. A board that has taken it can\u2019t be called back from here.'),
      h('p', {}, `${count(report.created)} get an assignment, ${count(report.changed)} another one than before, ${count(report.same)} stay as they are.`)], 'Ship', 'primary');
    if (!isWanted) {
      return;
    }
    try {
      await request('PUT', 'devices', {query: {force: isForced ? 'true' : ''}, body});
      if (way() === 'selection') {
        selection.clear();
      }
      location.hash = route('ship', {watch: paths[0]});
    } catch (e) {
      if (!(e instanceof Problem)) {
        throw e;
      }
      preview.append(note('bad', h('p', {}, h('b', {}, 'Nothing was changed. '), e.message)));
    }
  }

  showChoice();
  Promise.all([json('files'), json('fleet', {by: 'version'})]).then(([allFiles, allVersions]) => {
    files = allFiles;
    fine();
    versions = allVersions.filter(one => one.app_version !== null).sort((one, other) => other.devices - one.devices);
    showChoice();
  }).catch(trouble);
  return {
    show(changedQuery) {
      if (changedQuery.watch) {
        main.replaceChildren();
        Object.assign(this, {show: undefined}, watch(main, changedQuery));
        window.scrollTo(0, 0);
        main.querySelector('h1').focus({preventScroll: true});
      } else {
        query = changedQuery;
        showChoice();
        stale();
      }
    },
  };
}

/** How many there are of each, most first; the first few. */
function tally(items, key) {
  const counts = new Map();
  items.forEach(item => counts.set(key(item), (counts.get(key(item)) ?? 0) + 1));
  return [...counts].sort(([, one], [, other]) => other - one).slice(0, 6);
}

const WATCHED = ['updated', 'offered', 'waiting', 'unseen', 'stuck', 'reverted', 'silent', 'unavailable'];
const SAYS = {
  updated: 'have it: they report another version since the offer',
  offered: 'were offered it, and still report the old version',
  waiting: 'will be offered it at their next poll, or report another version',
  unseen: 'have never polled',
  stuck: 'were offered it again and again, and nothing changes: look at their logs',
  reverted: 'have rolled back: look at the new firmware',
  silent: 'don\u2019t poll any more',
  unavailable: 'are assigned it, and the file isn\u2019t there: upload it',
};

function watch(main, query) {
  const file = query.watch;
  document.title = `Shipping ${file} \u00b7 Fuota`;
  const lead = h('p', {class: 'lead', id: 'watch-lead', role: 'status'}, 'Loading\u2026');
  const bar = h('div', {class: 'stack', 'aria-hidden': 'true'});
  const states = h('ul', {class: 'watch', id: 'watch'});
  main.append(h('p', {class: 'crumb'}, h('a', {href: route('ship')}, 'Ship')),
    h('h1', {tabindex: '-1'}, 'Shipping ', h('span', {class: 'path'}, file)), h('section', {class: 'panel', 'aria-label': 'Progress'}, lead, bar, states),
    h('p', {class: 'hint'}, 'It goes on whether you look or not. All boards that are assigned this file are counted: ', fileLink(file), '.'));

  async function load(signal) {
    const counts = Object.fromEntries((await json('fleet', {file, by: 'state'}, signal)).map(one => [one.state, one.devices]));
    const all = WATCHED.reduce((sum, state) => sum + counts[state], 0);
    if (all === 0) {
      refresh(lead, 'No board is assigned this file.');
      refresh(bar);
      refresh(states);
      return;
    }
    refresh(lead, h('b', {}, count(counts.updated)), ` of ${plural(all, 'board')} updated`, counts.updated === all ? '. All done.' : ` (${Math.floor(100 * counts.updated / all)} %)`);
    let from = 0;
    refresh(bar, svg('svg', {focusable: 'false'}, WATCHED.filter(state => counts[state] > 0).map(state => {
      const share = 100 * counts[state] / all;
      from += share;
      return svg('rect', {class: STATES[state].tone, x: `${from - share}%`, width: `${share}%`, height: '100%'});
    })));
    refresh(states, WATCHED.filter(state => counts[state] > 0 || ['updated', 'stuck', 'silent'].includes(state)).map(state => h('li', {},
      h('a', {class: `watch-row ${STATES[state].tone}${counts[state] ? '' : ' zero'}`, href: route('fleet', {file, state}), id: `watch-${state}`},
        h('span', {class: 'watch-count'}, count(counts[state])), h('span', {class: `badge ${STATES[state].tone}`}, icon(state), state),
        h('span', {class: 'watch-says'}, SAYS[state])))));
  }

  const refreshing = live(load, 2000);
  refreshing.run();
  return {close: refreshing.close};
}
