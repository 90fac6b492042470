// Ship: a file, boards, a look at what it would do, and then watch it happen.
import {Problem, idList, json, request} from '../lib/api.js';
import {showReport} from '../lib/assign-report.js';
import {h, put, refresh} from '../lib/dom.js';
import {fine, trouble} from '../lib/live.js';
import {firstSelected, ofTarget, selectedCount, selectedIds} from '../lib/selection.js';
import {stateName} from '../lib/states.js';
import {boardLink, note} from '../lib/ui.js';
import {plural, route, size} from '../lib/words.js';

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
    const file = listFile.files?.[0];
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

  ways.addEventListener('change', () => changed({boards: ways.querySelector('input:checked')?.getAttribute('value')}));

  /** What is to be sent: a list, and what is meant for all of it; or a sentence that says what is missing. The server reads the list. */
  async function resolve() {
    const version = replaces.value.trim();
    const missing = {
      version: () => query.version ? null : 'Choose the version that the boards report.',
      selection: () => selectedCount() > 0 ? null : 'Tick boards in the fleet first.',
      filter: () => null,
      list: () => listFile.files?.[0] || list.value.trim() ? null : 'Paste ids, a line each, or choose a CSV file.',
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
      list: () => listFile.files?.[0] ?? list.value,
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
        showReport(preview, await answer.json(), {...meant, basis: answer.headers.get('ETag'), isSelection: way() === 'selection'}, isForced,
          path => files.find(file => file.path === path)?.chip ?? null, () => look(isForced));
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
