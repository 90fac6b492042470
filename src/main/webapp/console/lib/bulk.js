// What can be done with all boards that are selected: each is looked at first, and done only while that look holds.
import {Problem, json, request} from './api.js';
import {confirm, dialogue} from './dialog.js';
import {h, put} from './dom.js';
import {selectedIds} from './selection.js';
import {boardLink, note, toast} from './ui.js';
import {count, plural, sentence} from './words.js';

const CSV = {'Content-Type': 'text/csv'};

/** How each is asked of the server, said, and done. */
const ACTS = {
  withdraw: {
    method: 'POST', path: () => 'fleet/withdraw', verb: 'Withdraw', kind: 'danger',
    title: boards => `Withdraw the updates of ${boards}?`,
    says: 'Their assignments are deleted: they are offered nothing by hand any more. Rollouts go on. A download that has begun goes on, too.',
    unchanged: 'have no assignment', done: 'lost their assignment',
  },
  forget: {
    method: 'POST', path: () => 'fleet/forget', verb: 'Forget', kind: 'danger',
    title: boards => `Forget ${boards}?`,
    says: 'All that their polls have told is deleted: version, last seen, history. This can\u2019t be undone. A board that polls again is known again.',
    unchanged: 'aren\u2019t known by any poll', done: 'are forgotten',
  },
  join: {
    method: 'PUT', path: group => `groups/${encodeURIComponent(group)}`, verb: 'Put in the group', kind: 'primary',
    title: (boards, group) => `Put ${boards} in group ${group}?`,
    says: 'Rollouts of this group are for them, too, from now on.',
    unchanged: 'are in it already', done: 'joined it',
  },
  leave: {
    method: 'POST', path: group => `groups/${encodeURIComponent(group)}/leave`, verb: 'Take out of the group', kind: 'danger',
    title: (boards, group) => `Take ${boards} out of group ${group}?`,
    says: 'Rollouts of this group aren\u2019t for them any more.',
    unchanged: 'aren\u2019t in it', done: 'left it',
  },
};

/** Looks, asks, and does it; tells in an element what came of it. True when something has changed. */
export async function actOnSelected(name, told, group = '') {
  const act = ACTS[name];
  try {
    put(told, h('p', {class: 'loading'}, 'Asking the server what would come of it\u2026'));
    const body = await selectedIds();
    if (body.size === 0) {
      put(told, note('warn', h('p', {}, 'No boards match any more.')));
      return false;
    }
    const look = await request(act.method, act.path(group), {query: {dry_run: 'true'}, body, headers: CSV});
    const report = await look.json();
    put(told);
    const boards = plural(report.boards, 'board');
    if (report.changed === 0) {
      put(told, note('info', h('p', {}, `There is nothing to do: all ${boards} ${act.unchanged}.`)));
      return false;
    }
    const isWanted = await confirm(act.title(plural(report.changed, 'board'), group), [h('p', {}, act.says),
      h('p', {}, h('b', {}, plural(report.changed, 'board')), ' of ', boards, report.unchanged > 0 ? `; ${count(report.unchanged)} ${act.unchanged}. ` : '. ',
        report.first_ids.map((id, i) => [i ? ', ' : '', boardLink(id)]), report.changed > report.first_ids.length ? ', \u2026' : '')],
    act.verb, act.kind, act.kind === 'danger' && report.changed > 1000 ? String(report.changed) : undefined);
    if (!isWanted) {
      return false;
    }
    put(told, h('p', {class: 'loading'}, `The server is at work on ${plural(report.changed, 'board')}; with very many that takes a minute\u2026`));
    const answer = await request(act.method, act.path(group), {body, headers: {...CSV, 'If-Match': look.headers.get('ETag') ?? ''}});
    const {changed} = await answer.json();
    put(told, note('good', h('p', {}, h('b', {}, plural(changed, 'board')), ` ${act.done}.`)));
    return true;
  } catch (e) {
    if (!(e instanceof Problem)) {
      throw e;
    }
    put(told, note('bad', h('p', {}, h('b', {}, 'Nothing was changed. '), e.message),
      e.status === 412 ? h('button', {type: 'button', class: 'primary', onclick: () => actOnSelected(name, told, group)}, 'Look again') : null));
    return false;
  }
}

/** Asks for the name of a group, those that exist beside it; null when the reader doesn't want one. */
export async function askGroup(verb) {
  const input = h('input', {id: 'dialog-group', list: 'dialog-groups', maxlength: '64', pattern: '[A-Za-z0-9._\\-]+', autocomplete: 'off', spellcheck: 'false'});
  const known = h('datalist', {id: 'dialog-groups'});
  json('groups').then(groups => put(known, groups.map(group => h('option', {value: group.name}, plural(group.boards, 'board')))))
    .catch(e => toast(sentence(e.message), 'bad'));
  const chosen = await dialogue(verb, h('div', {class: 'field'}, h('label', {for: 'dialog-group'}, 'Group'), input, known,
    h('p', {class: 'hint'}, 'Letters, digits, dots, hyphens. A new name makes a new group.')),
  [{text: 'Cancel', value: ''}, {text: 'Go on', value: 'yes', kind: 'primary'}]);
  return chosen === 'yes' && input.value.trim() ? input.value.trim() : null;
}
