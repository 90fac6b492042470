// The filters of the fleet: a field for each that the API knows, what is filtered now, and views that this browser keeps by name.
import {Problem, json} from './api.js';
import {ask} from './dialog.js';
import {h, put} from './dom.js';
import {recall, remember} from './prefs.js';
import {filters} from './selection.js';
import {STATES, stateName} from './states.js';
import {localised, now} from './time.js';
import {icon} from './ui.js';
import {plural, route} from './words.js';

const HOUR = 3_600_000;
const SEEN = {'': 'at any time', '-1': 'within an hour', '-24': 'within a day', 1: 'not for an hour', 24: 'not for a day', 168: 'not for a week', 720: 'not for 30 days'};
const OUTCOMES = ['updated', 'pending', 'due', 'failed', 'stuck', 'reverted', 'silent'];
/** As the heads of the columns have it, for screens that don't show these. */
const ORDERS = {'': 'by id', '-last_seen': 'seen last', last_seen: 'longest not seen', '-since': 'state changed last', state: 'by state', app_version: 'by version', update_file_path: 'by update'};
const NAMES = {first_seen_from: 'first seen from', first_seen_to: 'first seen before', last_seen_from: 'seen since', last_seen_to: 'not seen since', prefix: 'id begins with'};
/** Which counts of the fleet, or which list, tell the values that a filter can have. */
const VALUES = {
  version: async () => (await json('fleet', {by: 'version'})).map(one => [one.app_version, one.devices]),
  project: async () => (await json('fleet', {by: 'project'})).map(one => [one.project, one.devices]),
  chip: async () => (await json('fleet', {by: 'chip'})).map(one => [one.chip, one.devices]),
  group: async () => (await json('groups')).map(one => [one.name, one.boards]),
  file: async () => (await json('files')).map(one => [one.path, one.devices]),
  rollout: async () => (await json('rollouts')).map(one => [one.name, one.offered]),
};

/** What a filter is called, and its value as the reader knows it. */
function said(name, value) {
  return [NAMES[name] ?? name, name === 'state' ? stateName(value) : name === 'image' ? `${value.slice(0, 12)}\u2026` : localised(value)];
}

/** Shows what is filtered; each can be taken away. */
export function chips(parent, query) {
  put(parent, Object.entries(filters(query)).filter(([name]) => name !== 'search').map(([name, value]) => {
    const [label, text] = said(name, value);
    return h('a', {class: 'chip', href: route('fleet', {...query, [name]: '', offset: '', outcome: name === 'rollout' || name === 'outcome' ? '' : query.outcome}), 'aria-label': `Remove the filter: ${label} ${value}`},
      h('span', {class: 'chip-name'}, label), h('span', {class: 'chip-value'}, text), icon('close'));
  }));
}

/** A field for each filter; go is told what changes. */
export function filterForm(query, go) {
  const change = (name, value) => go({[name]: value, offset: ''});
  const field = (name, label, input, ...more) => h('div', {class: 'field'}, h('label', {for: `filter-${name}`}, label), input, more);
  const listed = (name, label) => {
    const values = h('datalist', {id: `values-${name}`});
    const input = h('input', {id: `filter-${name}`, list: `values-${name}`, value: query[name] ?? '', autocomplete: 'off', spellcheck: 'false', onchange: () => change(name, input.value.trim())});
    return field(name, label, input, values);
  };
  const select = (name, label, options) => {
    const input = h('select', {id: `filter-${name}`, onchange: () => change(name, input.value)}, options.map(([value, text]) => h('option', {value, selected: (query[name] ?? '') === value}, text)));
    return field(name, label, input);
  };
  const seen = h('select', {id: 'filter-seen', onchange: () => {
    const hours = Number(seen.value);
    const at = hours === 0 ? '' : new Date(now() - Math.abs(hours) * HOUR).toISOString();
    go({last_seen_from: hours < 0 ? at : '', last_seen_to: hours > 0 ? at : '', offset: ''});
  }}, Object.entries(SEEN).map(([value, text]) => h('option', {value}, text)));
  const date = (name, label) => {
    const input = h('input', {id: `filter-${name}`, type: 'date', value: (query[name] ?? '').slice(0, 10), onchange: () => change(name, input.value)});
    return field(name, label, input);
  };
  const prefix = h('input', {id: 'filter-prefix', value: query.prefix ?? '', autocomplete: 'off', spellcheck: 'false', onchange: () => change('prefix', prefix.value)});
  const form = h('div', {class: 'fields', id: 'filters'},
    select('state', 'State', [['', 'any'], ...Object.keys(STATES).map(state => [state, stateName(state)])]),
    listed('version', 'Version'), listed('project', 'Project'), listed('chip', 'Chip'), listed('group', 'Group'), listed('file', 'Assigned file'),
    listed('rollout', 'Rollout'), query.rollout ? select('outcome', 'Of the rollout', [['', 'all'], ...OUTCOMES.map(one => [one, one])]) : null,
    field('seen', 'Seen', seen), date('last_seen_from', 'Seen since'), date('last_seen_to', 'Not seen since'), date('first_seen_from', 'First seen from'), date('first_seen_to', 'First seen before'), field('prefix', 'Id begins with', prefix),
    select('sort', 'Order', Object.entries(ORDERS)),
    select('clone', 'Clones', [['', 'all boards'], ['true', 'only clones: two boards with one id'], ['false', 'no clones']]));
  return form;
}

/** Fills in what can be chosen; asked of the server only when the reader opens the filters. */
export async function fillValues(form) {
  for (const [name, values] of Object.entries(VALUES)) {
    try {
      const all = await values();
      const list = form.querySelector(`#values-${name}`);
      if (list) {
        put(list, all.filter(([value]) => value !== null).map(([value, boards]) => h('option', {value}, plural(boards, 'board'))));
      }
    } catch (e) {
      if (!(e instanceof Problem)) {
        throw e;
      }
      // It can be typed all the same.
    }
  }
}

/** Views by name: the whole query, kept by this browser. */
export function views(parent, query) {
  const all = recall('views', {});
  const {offset, ...kept} = query;
  put(parent,
    Object.entries(all).map(([name, view]) => h('span', {class: 'view'}, h('a', {href: route('fleet', view)}, name),
      h('button', {type: 'button', class: 'icon-button', 'aria-label': `Delete the view ${name}`, onclick: () => {
        const {[name]: _, ...rest} = recall('views', {});
        remember('views', rest);
        views(parent, query);
      }}, icon('close')))),
    Object.keys(filters(query)).length === 0 ? null : h('button', {type: 'button', class: 'link', id: 'keep-view', onclick: async () => {
      const name = await ask('Keep this view', h('p', {}, 'Its filters and order are kept in this browser, and stand above the table.'), 'Keep it', 'primary', 'Name of the view');
      if (name) {
        remember('views', {...recall('views', {}), [name]: kept});
        views(parent, query);
      }
    }}, 'Keep this view'));
}
