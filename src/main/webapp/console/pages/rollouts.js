// All rollouts, the newest first.
import {json} from '../lib/api.js';
import {h, keyed, refresh} from '../lib/dom.js';
import {live} from '../lib/live.js';
import {rolloutLink, stateBadge} from '../lib/rollout-parts.js';
import {both, localised} from '../lib/time.js';
import {count, route} from '../lib/words.js';

export function open(main) {
  document.title = 'Rollouts \u00b7 Fuota';
  const body = h('tbody', {role: 'rowgroup', id: 'rollouts'});
  const th = text => h('th', {role: 'columnheader', scope: 'col'}, text);
  const table = h('table', {role: 'table', class: 'cards', 'aria-label': 'Rollouts', hidden: true},
    h('thead', {role: 'rowgroup'}, h('tr', {role: 'row'}, th('Rollout'), th('State'), th('Stage'), th('Offered'), th('Updated'), th('Pending'), th('Failed'), th('Since'))), body);
  const empty = h('div', {}, h('p', {class: 'loading'}, 'Loading\u2026'));
  main.append(
    h('div', {class: 'panel-head'}, h('h1', {tabindex: '-1'}, 'Rollouts'), h('a', {class: 'button primary may-change', href: route('new-rollout')}, 'Make a rollout')),
    h('section', {class: 'panel', 'aria-label': 'All rollouts'}, table, empty));

  function row(rollout) {
    const td = (label, ...content) => h('td', {role: 'cell', 'data-label': label}, content);
    return h('tr', {role: 'row'},
      td('Rollout', rolloutLink(rollout.name)),
      td('State', stateBadge(rollout.state), rollout.reason ? h('span', {class: 'exact'}, localised(rollout.reason)) : null),
      td('Stage', String(rollout.stage)),
      td('Offered', count(rollout.offered)), td('Updated', count(rollout.updated)), td('Pending', count(rollout.pending)), td('Failed', count(rollout.failed)),
      td('Since', both(rollout.since)));
  }

  const refreshing = live(async signal => {
    const rollouts = await json('rollouts', {}, signal);
    keyed(body, rollouts.toReversed(), rollout => rollout.name, row);
    table.hidden = rollouts.length === 0;
    refresh(empty, rollouts.length > 0 ? [] : h('div', {class: 'empty'}, h('p', {}, 'No rollouts yet.'),
      h('p', {}, 'A rollout offers a file to some boards first, then to more, and pauses by itself when they fail. A CI makes one by a PUT to /rollouts/NAME.')));
  });
  refreshing.run();
  return {close: refreshing.close};
}
