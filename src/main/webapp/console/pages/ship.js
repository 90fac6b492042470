// Ship: a file, boards, a look at what it would do, and then watch it happen.
import {Problem, idList, json, request} from '../lib/api.js';
import {confirm} from '../lib/dialog.js';
import {h, put, refresh} from '../lib/dom.js';
import {fine, trouble} from '../lib/live.js';
import {clear, firstSelected, ofTarget, selectedCount, selectedIds} from '../lib/selection.js';
import {stateName} from '../lib/states.js';
import {boardLink, note, warnings} from '../lib/ui.js';
import {count, plural, route, size} from '../lib/words.js';

const WAYS = {
  version: 'Boards that report a version',
  selection: 'Boards selected in the fleet',
  filter: 'Boards that a filter of the fleet takes',
  list: 'A list of ids, or a CSV',
};
const NOTHING_YET = 'Nothing is sent to boards before you have seen it here.';

export function open(main, first) {
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
  // The file itself is what is sent: it may have a million lines, and only the server reads them.
  const listFile = h('input', {type: 'file', id: 'ship-csv', accept: '.csv,.txt,text/csv,text/plain', onchange: showListFile});
  const listChosen = h('p', {class: 'hint', id: 'ship-csv-chosen'});
  const replaces = h('input', {id: 'ship-replaces', autocomplete: 'off', spellcheck: 'false', oninput: stale, placeholder: 'what each board reports'});
  const replacesField = h('div', {class: 'field'}, h('label', {for: 'ship-replaces'}, 'Version to be replaced'), replaces,
    h('p', {class: 'hint'}, 'A board is offered the file only while it reports this version. Leave it empty to take what each board reports now.'));
  const previewButton = h('button', {type: 'submit', class: 'primary', id: 'preview-button'}, 'Preview');
  const preview = h('div', {id: 'preview', 'aria-live': 'polite'}, h('p', {class: 'none'}, NOTHING_YET));
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
    put(preview, h('p', {class: 'none'}, NOTHING_YET));
  }

  function showListFile() {
    const file = listFile.files[0];
    list.disabled = file !== undefined;
    put(listChosen, file === undefined ? null : [`${file.name}, ${size(file.size)}, is taken in place of what is typed. `,
      h('button', {type: 'button', class: 'link', onclick: () => {
        listFile.value = '';
        showListFile();
        list.focus();
      }}, 'Take the text instead')]);
    stale();
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
    const wanted = ofTarget(query);
    const parts = {
      version: () => [h('div', {class: 'field'}, h('label', {for: 'ship-version'}, 'Reported version'), versionSelect),
        h('p', {class: 'hint'}, 'Each of them is offered the file as long as it reports this version.')],
      selection: () => [h('p', {}, selectedCount() === 0 ? ['None is selected. ', h('a', {href: route('fleet')}, 'Tick boards in the fleet'), '.']
        : [`${plural(selectedCount(), 'board')}: `, firstSelected(8).map((id, i) => [i ? ', ' : '', boardLink(id)]), selectedCount() > 8 ? ', \u2026' : '', '.']), replacesField],
      filter: () => [h('p', {}, Object.keys(wanted).length === 0 ? 'All boards of the fleet.'
        : ['Boards with ', Object.entries(wanted).map(([name, value], i) => [i ? ', ' : '', name, ' ', h('b', {}, name === 'state' ? stateName(value) : value)]), '.'],
      ' ', h('a', {href: route('fleet', wanted)}, 'Change the filter')), replacesField],
      list: () => [h('div', {class: 'field'}, h('label', {for: 'ship-list'}, 'Ids, or CSV lines'), list),
        h('div', {class: 'field'}, h('label', {for: 'ship-csv'}, 'Or from a file'), listFile, listChosen), replacesField],
    };
    // Only where there is something else to show: the field that the reader is in must stay.
    const key = JSON.stringify([way(), versions.length, selectedCount(), way() === 'filter' ? wanted : '']);
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

  /** What is to be sent: a list, and what is meant for all of it; or a sentence that says what is missing. The server reads the list. */
  async function resolve() {
    const version = replaces.value.trim();
    const missing = {
      version: () => query.version ? null : 'Choose the version that the boards report.',
      selection: () => selectedCount() > 0 ? null : 'Tick boards in the fleet first.',
      filter: () => null,
      list: () => listFile.files[0] || list.value.trim() ? null : 'Paste ids, a line each, or choose a CSV file.',
    }[way()]();
    if (missing !== null) {
      return missing;
    }
    if (!query.file && way() !== 'list') {
      return 'Choose an update file.';
    }
    const body = {
      version: () => idList({version: query.version}),
      selection: () => selectedIds(),
      filter: () => idList(ofTarget(query)),
      list: () => listFile.files[0] ?? list.value,
    }[way()]();
    // Ids that come from the server are as they are, however odd: a stranger's poll must not stop whoever ships.
    return {body: await body, query: {exact: way() === 'list' ? '' : 'true', file: query.file, replaces: !query.file ? '' : way() === 'version' ? query.version : version}};
  }

  async function look(isForced = false) {
    // Not disabled, which would take the focus from it.
    if (preview.getAttribute('aria-busy') === 'true') {
      return;
    }
    preview.setAttribute('aria-busy', 'true');
    put(preview, h('p', {class: 'loading'}, 'Asking the server what would come of it\u2026'));
    try {
      const meant = await resolve();
      if (typeof meant === 'string') {
        put(preview, note('warn', h('p', {}, meant)));
      } else if (meant.body.size === 0) {
        put(preview, note('warn', h('p', {}, 'No boards match.')));
      } else {
        meant.query.force = isForced ? 'true' : '';
        const answer = await request('PUT', 'devices', {query: {...meant.query, dry_run: 'true'}, body: meant.body});
        show(await answer.json(), {...meant, basis: answer.headers.get('ETag')}, isForced);
      }
    } catch (e) {
      if (!(e instanceof Problem)) {
        throw e;
      }
      put(preview, note('bad', h('p', {}, h('b', {}, 'The server would refuse this. '), e.message),
        e.status === 400 && !query.file ? h('p', {}, 'Without an update file chosen above, each line must name its version and its file.') : null,
        e.isForcible ? h('button', {type: 'button', class: 'danger', onclick: () => look(true)}, 'Preview it anyway') : null));
    } finally {
      preview.setAttribute('aria-busy', 'false');
      // What had it may be gone.
      if (document.activeElement === document.body) {
        previewButton.focus();
      }
    }
  }

  function show(report, meant, isForced) {
    const boards = report.rows - report.left_out.devices;
    if (boards === 0) {
      put(preview, note('warn', h('p', {}, 'None of these boards has ever reported a version. Say which version is to be replaced.')));
      return;
    }
    const chipOf = path => files.find(file => file.path === path)?.chip ?? null;
    const chips = new Map();
    for (const {update_file_path: path, devices} of report.files_before) {
      const chip = chipOf(path) ?? 'not known';
      chips.set(chip, (chips.get(chip) ?? 0) + devices);
    }
    const told = report.files_before.reduce((sum, one) => sum + one.devices, 0);
    if (told < boards) {
      chips.set('not known', (chips.get('not known') ?? 0) + boards - told);
    }
    const later = boards - report.reporting - report.never_polled.devices;
    const fact = (name, ...value) => h('div', {}, h('dt', {}, name), h('dd', {}, value));
    const some = ({devices, first_ids: ids}) => devices === 0 ? 'none'
      : [`${plural(devices, 'board')}: `, ids.map((id, i) => [i ? ', ' : '', boardLink(id)]), devices > ids.length ? ', \u2026' : ''];
    put(preview,
      h('p', {class: 'lead', id: 'preview-lead'}, h('b', {}, plural(boards, 'board')), ' would be assigned ', filesOf(report), '.'),
      h('ul', {class: 'tiles small'}, [['created', 'new'], ['changed', 'changed'], ['same', 'as they are']].map(([name, text]) =>
        h('li', {}, h('div', {class: `tile${report[name] ? '' : ' zero'}`, id: `preview-${name}`}, h('span', {class: 'tile-count'}, count(report[name])), h('span', {class: 'tile-name'}, text))))),
      h('dl', {class: 'facts'},
        fact('Offered at their next poll', h('span', {id: 'preview-reporting'}, plural(report.reporting, 'board'), ', which now ', report.reporting === 1 ? 'reports' : 'report', ' the version to be replaced')),
        later <= 0 ? null : fact('Not offered it now', `${plural(later, 'board')}, which ${later === 1 ? 'reports' : 'report'} another version`),
        fact('Replaces version', report.replaces.map(({replaces_version: version, devices}, i) => [i ? ', ' : '', h('span', {class: 'version'}, version), ` (${count(devices)})`]), most(report.replaces) ? ', \u2026' : null),
        fact('Chip of the file', [...new Set(report.files.map(one => chipOf(one.update_file_path) ?? 'unknown'))].join(', ')),
        fact('Chip of their present files', [...chips].map(([chip, many], i) => `${i ? ', ' : ''}${chip} (${count(many)})`)),
        fact('Not seen for a week', some(report.not_seen_for_a_week)),
        fact('Never polled', some(report.never_polled)),
        report.left_out.devices === 0 ? null : fact('Left out', `${plural(report.left_out.devices, 'board')}, which never reported a version: say above which one is to be replaced`)),
      warnings(report.warnings),
      report.created + report.changed === 0 ? note('info', h('p', {}, 'All boards already have this assignment: there is nothing to do. ', h('a', {href: route(`watch/${encodeURIComponent(report.files[0].update_file_path)}`)}, 'Watch them'), '.'))
        : h('div', {class: 'buttons'}, h('button', {type: 'button', class: isForced ? 'danger' : 'primary', id: 'apply', onclick: () => apply(report, meant, boards, isForced)}, `Ship to ${plural(boards, 'board')}\u2026`)));
  }

  async function apply(report, meant, boards, isForced) {
    const later = boards - report.reporting;
    const isWanted = await confirm(`Ship to ${plural(boards, 'board')}?`, [
      h('p', {}, report.reporting === 0 ? 'None of these boards reports the version to be replaced, so that none is offered '
        : `At ${report.reporting === 1 ? 'its' : 'their'} next poll ${plural(report.reporting, 'board')} ${report.reporting === 1 ? 'is' : 'are'} offered `, filesOf(report),
      report.reporting === 0 ? ' now.' : ', to download and start. What a board has taken can\u2019t be taken back from here.',
      later > 0 && report.reporting > 0 ? ` The other ${plural(later, 'board')} ${later === 1 ? 'isn\u2019t' : 'aren\u2019t'}, unless ${later === 1 ? 'it reports' : 'they report'} the version to be replaced.` : null),
      report.changed === 0 ? null : h('p', {}, `${plural(report.changed, 'board')} ${report.changed === 1 ? 'loses the assignment that it has' : 'lose the assignment that they have'}, and whether ${report.changed === 1 ? 'it has' : 'they have'} updated is counted anew. To stop an update, withdraw it instead.`),
      h('p', {}, `${count(report.created)} get an assignment, ${count(report.changed)} another one than before, ${count(report.same)} stay as they are.`)], 'Ship', isForced ? 'danger' : 'primary');
    if (!isWanted) {
      return;
    }
    try {
      await request('PUT', 'devices', {query: meant.query, body: meant.body, headers: {'If-Match': meant.basis}});
      if (way() === 'selection') {
        clear();
      }
      location.hash = route(`watch/${encodeURIComponent(report.files[0].update_file_path)}`);
    } catch (e) {
      if (!(e instanceof Problem)) {
        throw e;
      }
      const again = h('button', {type: 'button', class: 'primary', id: 'again', onclick: () => look(isForced)}, 'Preview again');
      const refused = note('bad', h('p', {}, h('b', {}, 'Nothing was changed. '), e.message), e.status === 412 ? again : null);
      if (e.status === 412) {
        put(preview, refused);
        again.focus();
      } else {
        preview.append(refused);
      }
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
      query = changedQuery;
      showChoice();
      stale();
    },
  };
}

/** Whether there may be more than the server tells. */
function most(few) {
  return few.length === 6;
}

function filesOf(report) {
  return report.files.length === 1 ? h('span', {class: 'path'}, report.files[0].update_file_path)
    : `${plural(report.files.length, 'file')}${most(report.files) ? ' or more' : ''}`;
}
