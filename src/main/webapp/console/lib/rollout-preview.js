// What a rollout would find, before it is made.
import {Problem} from './api.js';
import {confirm} from './dialog.js';
import {h, put} from './dom.js';
import {localised} from './time.js';
import {boardLink, note} from './ui.js';
import {capital, count, plural, route, said} from './words.js';

/** Shows it, with a button that makes the rollout after a last question. */
export function preview(parent, report, definition, isForced, make) {
  const fact = (name, ...value) => h('div', {}, h('dt', {}, name), h('dd', {}, value));
  const byName = names => Object.entries(names).map(([name, boards], i) => [i ? ', ' : '', h('span', {class: 'value'}, name), ` (${count(boards)})`]);
  const held = Object.entries(report.first_held_back);
  const warned = report.sentences.filter(one => one.startsWith('warning:'));
  put(parent,
    h('p', {class: 'lead', id: 'preview-lead'}, h('b', {}, plural(report.match, 'board')), ` ${report.match === 1 ? 'reports' : 'report'} a version that it replaces, and ${report.match === 1 ? 'is' : 'are'} meant by it.`),
    h('dl', {class: 'facts'},
      fact('Seen within a day', count(report.seen_within_a_day)), fact('Seen within a week', count(report.seen_within_a_week)),
      fact('By version', byName(report.by_version)), Object.keys(report.by_group).length ? fact('By group', byName(report.by_group)) : null),
    h('table', {class: 'plain', id: 'preview-stages'}, h('thead', {}, h('tr', {}, h('th', {scope: 'col'}, 'Stage'), h('th', {scope: 'col'}, 'Boards more'))),
      h('tbody', {}, Object.entries(report.stages).map(([stage, boards]) => h('tr', {}, h('td', {}, capital(stage)), h('td', {}, count(boards)))))),
    report.held_back > 0 ? note('warn', h('p', {}, h('b', {}, `${plural(report.held_back, 'board')} won\u2019t get it. `), 'They took an image for another chip or project.'),
      h('ul', {}, held.map(([id, why]) => h('li', {}, boardLink(id), ': ', localised(said(why)))))) : null,
    warned.map(one => note('warn', h('p', {}, h('b', {}, 'Look twice: '), localised(said(one.replace(/^warning: /, '')))))),
    report.match === 0 ? note('warn', h('p', {}, 'No board reports such a version now. Boards that will are in it; while there are none, it is completed at once.')) : null,
    h('div', {class: 'buttons'}, h('button', {type: 'button', class: isForced ? 'danger' : 'primary', id: 'apply', onclick: () => go(parent, report, definition, isForced, make)}, 'Start the rollout\u2026')));
}

async function go(parent, report, definition, isForced, make) {
  const first = Object.entries(report.stages)[0];
  const isWanted = await confirm('Start the rollout?', [
    h('p', {}, 'First ', h('b', {}, plural(first?.[1] ?? 0, 'board')), ` (${first?.[0] ?? 'none'}) ${first?.[1] === 1 ? 'is' : 'are'} offered `, h('span', {class: 'path'}, definition.file), ' at the next poll, to download and start. What a board has taken is taken back by a rollback only.'),
    h('p', {}, 'It pauses by itself when too many fail; you can pause it at any time.')], 'Start it', isForced ? 'danger' : 'primary');
  if (!isWanted) {
    return;
  }
  try {
    await make();
  } catch (e) {
    if (!(e instanceof Problem)) {
      throw e;
    }
    parent.append(note('bad', h('p', {}, h('b', {}, 'It wasn\u2019t made. '), e.message), e.status === 409 ? h('p', {}, h('a', {href: route('rollouts')}, 'See the rollouts that exist')) : null));
  }
}
