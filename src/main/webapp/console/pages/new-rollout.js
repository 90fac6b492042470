// Make a rollout: a file, whom it is for, how far it goes at once; a look at what it would find; and go.
import {Problem, json, request} from '../lib/api.js';
import {h, put, refresh} from '../lib/dom.js';
import {live} from '../lib/live.js';
import {NUMBERS, USUAL_STAGES, definition, parseStages, stagesText, suggestName} from '../lib/rollout-form.js';
import {preview} from '../lib/rollout-preview.js';
import {stairs} from '../lib/stairs.js';
import {note} from '../lib/ui.js';
import {plural, route} from '../lib/words.js';

const TEXTS = ['name', 'file', 'group', 'except', 'prefix', 'stages', 'soak', 'soakUnit', 'starts', 'from', 'to', 'zone', ...Object.keys(NUMBERS)];

export function open(main, query) {
  document.title = 'Make a rollout \u00b7 Fuota';
  let files = [];
  let versions = [];
  let groups = [];
  let names = [];
  let chosen = new Set(query.replaces ? query.replaces.split('\n') : []);
  let isNamed = Boolean(query.name);

  const field = (id, label, input, ...hints) => h('div', {class: 'field'}, h('label', {for: id}, label), input, hints.map(hint => h('p', {class: 'hint'}, hint)));
  const text = (name, properties = {}) => h('input', {id: `new-${name}`, name, autocomplete: 'off', spellcheck: 'false', value: query[name], ...properties});
  const inputs = {
    file: h('select', {id: 'new-file', name: 'file'}),
    name: text('name', {maxlength: '64', pattern: '[A-Za-z0-9._\\-]+', oninput: () => {
      isNamed = true;
    }}),
    group: h('select', {id: 'new-group', name: 'group'}),
    except: h('select', {id: 'new-except', name: 'except'}),
    prefix: text('prefix', {maxlength: '128', placeholder: 'all ids'}),
    stages: text('stages', {value: query.stages ?? stagesText(USUAL_STAGES)}),
    soak: text('soak', {type: 'number', min: '0', step: 'any', value: query.soak ?? '1'}),
    soakUnit: h('select', {id: 'new-soakUnit', name: 'soakUnit', 'aria-label': 'Unit'}, [['60', 'minutes'], ['3600', 'hours'], ['86400', 'days']].map(([value, says]) =>
      h('option', {value, selected: value === (query.soakUnit ?? '3600')}, says))),
    starts: text('starts', {type: 'datetime-local'}),
    from: text('from', {type: 'time'}),
    to: text('to', {type: 'time'}),
    zone: text('zone', {value: query.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone}),
    anyImage: h('input', {type: 'checkbox', id: 'new-anyImage', name: 'anyImage', checked: query.anyImage === 'true'}),
    ...Object.fromEntries(Object.entries(NUMBERS).map(([name, {usual}]) => [name, text(name, {type: 'number', min: '0', value: query[name] ?? String(usual)})])),
  };
  const fileFacts = h('p', {class: 'hint'});
  const versionList = h('div', {class: 'ticks', id: 'new-versions'});
  const picture = h('div', {id: 'stairs'});
  const stageFault = h('p', {class: 'fault', role: 'status'});
  const loading = h('p', {class: 'loading'}, 'Loading\u2026');
  const result = h('div', {id: 'preview', 'aria-live': 'polite'}, h('p', {class: 'none'}, 'Nothing is offered to boards before you have seen it here.'));
  const step = (id, title, ...content) => h('section', {class: 'panel step', 'aria-labelledby': id}, h('h2', {id}, title), content);
  const form = h('form', {class: 'steps', id: 'new-rollout', novalidate: true, hidden: true},
    step('what-title', 'Choose a file', field('new-file', 'Update file', inputs.file), fileFacts),
    step('whom-title', 'Choose boards',
      h('fieldset', {}, h('legend', {}, 'Versions that they report now'), versionList),
      h('div', {class: 'fields'}, field('new-group', 'Only of the group', inputs.group), field('new-except', 'None of the group', inputs.except),
        field('new-prefix', 'Ids begin with', inputs.prefix))),
    step('how-title', 'Choose how far at once', picture,
      field('new-stages', 'Stages', inputs.stages, 'Percentages, and names of groups, in their order: canary, 1, 10, 100'), stageFault,
      h('div', {class: 'fields'}, h('div', {class: 'field'}, h('label', {for: 'new-soak'}, 'Each stage lasts at least'), h('div', {class: 'pair'}, inputs.soak, inputs.soakUnit)),
        Object.entries(NUMBERS).slice(0, 2).map(([name, {text: label, says}]) => field(`new-${name}`, label, inputs[name], says))),
      h('details', {}, h('summary', {}, 'More: pace, hours, begin'),
        h('div', {class: 'fields'}, Object.entries(NUMBERS).slice(2).map(([name, {text: label, says}]) => field(`new-${name}`, label, inputs[name], says)),
          field('new-starts', 'Begins', inputs.starts, 'In your time zone; now where it is empty.'),
          field('new-from', 'Hours: from', inputs.from), field('new-to', 'Hours: to', inputs.to, 'In which boards are offered it for the first time.'), field('new-zone', 'Time zone of the hours', inputs.zone)),
        h('div', {class: 'check'}, inputs.anyImage, h('label', {for: 'new-anyImage'}, 'Also to boards that took an image for another chip or project')))),
    step('look-title', 'See what it would find', field('new-name', 'Name of the rollout', inputs.name, 'Letters, digits, dots, hyphens: often the version.'),
      h('div', {class: 'buttons'}, h('button', {type: 'submit', class: 'primary', id: 'preview-button'}, 'Preview')), result));
  main.append(h('p', {class: 'crumb'}, h('a', {href: route('rollouts')}, 'Rollouts')), h('h1', {tabindex: '-1'}, 'Make a rollout'), form, loading);

  function values() {
    return {...Object.fromEntries(TEXTS.map(name => [name, inputs[name].value.trim()])), anyImage: inputs.anyImage.checked, replaces: [...chosen]};
  }

  /** The address holds what is typed, so that a reload, or a colleague, has the same. */
  function keep() {
    const {anyImage, replaces, ...rest} = values();
    const typed = /** @type {Record<string, string>} */ (rest);
    const usual = {stages: stagesText(USUAL_STAGES), soak: '1', soakUnit: '3600', ...Object.fromEntries(Object.entries(NUMBERS).map(([name, one]) => [name, String(one.usual)]))};
    const kept = Object.fromEntries(Object.entries(typed).filter(([name, value]) => value !== usual[name]));
    history.replaceState(null, '', route('new-rollout', {...kept, zone: typed.from ? typed.zone : '', anyImage: anyImage ? 'true' : '', replaces: replaces.join('\n')}));
  }

  function changed() {
    put(result, h('p', {class: 'none'}, 'Nothing is offered to boards before you have seen it here.'));
    showFile();
    showStages();
    keep();
  }

  function showFile() {
    const file = files.find(one => one.path === inputs.file.value);
    put(fileFacts, files.length === 0 ? [h('a', {href: route('files')}, 'Upload one'), ' first.']
      : !file ? null : file.project === null ? 'It is no application for an ESP32.' : `${file.project} ${file.version} for ${file.chip}`);
  }

  /** A name, unless the reader has given one. */
  function suggest() {
    if (!isNamed) {
      inputs.name.value = suggestName(files.find(one => one.path === inputs.file.value), names);
    }
  }

  function showStages() {
    const stages = parseStages(inputs.stages.value);
    stageFault.textContent = typeof stages === 'string' ? stages : '';
    if (typeof stages !== 'string') {
      stairs(picture, stages, (moved, isOver) => {
        if (moved) {
          inputs.stages.value = stagesText(moved);
          showStages();
        }
        if (isOver) {
          changed();
        }
      });
    }
  }

  function showChoice() {
    const select = (input, none, all) => {
      const value = input.value || (query[input.name] ?? '');
      refresh(input, h('option', {value: ''}, none), all.map(([one, says]) => h('option', {value: one}, says)));
      input.value = value;
    };
    select(inputs.file, files.length ? 'Choose\u2026' : 'There are no update files yet', files.map(file => [file.path, file.path]));
    const ofGroups = groups.map(group => [group.name, `${group.name} (${plural(group.boards, 'board')})`]);
    select(inputs.group, 'any, or none', ofGroups);
    select(inputs.except, 'no exception', ofGroups);
    refresh(versionList, versions.length === 0 ? h('p', {class: 'none'}, 'No board has reported a version.') : versions.map(one =>
      h('label', {class: 'radio'}, h('input', {type: 'checkbox', value: one.app_version, checked: chosen.has(one.app_version)}),
        h('span', {}, h('span', {class: 'version'}, one.app_version), ' ', h('span', {class: 'exact'}, plural(one.devices, 'board'))))));
    showFile();
    if (!picture.firstChild) {
      showStages();
    }
  }

  versionList.addEventListener('change', () => {
    const all = [...versionList.querySelectorAll('input')];
    // As it will be rendered: else it would be replaced, and lose the focus.
    all.forEach(one => one.toggleAttribute('checked', one.checked));
    chosen = new Set(all.filter(one => one.checked).map(one => one.value));
  });
  form.addEventListener('change', event => {
    if (event.target === inputs.file) {
      suggest();
    }
    changed();
  });
  inputs.stages.addEventListener('input', showStages);
  form.addEventListener('submit', event => {
    event.preventDefault();
    look(false);
  });

  async function look(isForced) {
    const made = definition(values());
    const name = inputs.name.value.trim();
    if (typeof made === 'string' || name === '') {
      put(result, note('warn', h('p', {}, typeof made === 'string' ? made : 'Give it a name.')));
      return;
    }
    put(result, h('p', {class: 'loading'}, 'Asking the server what it would find\u2026'));
    const path = `rollouts/${encodeURIComponent(name)}`;
    const send = dryRun => request('PUT', path, {query: {dry_run: dryRun ? 'true' : '', force: isForced ? 'true' : ''}, body: JSON.stringify(made), headers: {'Content-Type': 'application/json'}});
    try {
      preview(result, await (await send(true)).json(), made, isForced, async () => {
        await send(false);
        location.hash = route(`rollouts/${encodeURIComponent(name)}`);
      });
    } catch (e) {
      if (!(e instanceof Problem)) {
        throw e;
      }
      put(result, note('bad', h('p', {}, h('b', {}, 'The server would refuse this. '), e.message),
        e.isForcible ? h('button', {type: 'button', class: 'danger', onclick: () => look(true)}, 'Preview it anyway') : null));
    }
  }

  const refreshing = live(async signal => {
    const [allFiles, allVersions, allGroups, allRollouts] = await Promise.all([json('files', {}, signal), json('fleet', {by: 'version'}, signal), json('groups', {}, signal), json('rollouts', {}, signal)]);
    files = allFiles.toSorted((a, b) => b.uploaded.localeCompare(a.uploaded));
    versions = allVersions.filter(one => one.app_version !== null).sort((one, other) => other.devices - one.devices);
    groups = allGroups;
    names = allRollouts.map(one => one.name);
    loading.remove();
    const isFirst = form.hidden;
    form.hidden = false;
    showChoice();
    if (isFirst) {
      suggest();
    }
  });
  refreshing.run();
  return {close: refreshing.close};
}
