// One rollout: its curve, its stages and what they wait for, who failed, what can be done about it, and who did what.
import {Problem, json} from '../lib/api.js';
import {chart} from '../lib/chart.js';
import {h, refresh} from '../lib/dom.js';
import {live} from '../lib/live.js';
import {act, buttonsFor} from '../lib/rollout-acts.js';
import {answers} from '../lib/rollout-answers.js';
import {bar, stateBadge} from '../lib/rollout-parts.js';
import {least, stageName, untilNow} from '../lib/rollout-words.js';
import {isAdmin} from '../lib/session.js';
import {both, brief, exact, localised, now} from '../lib/time.js';
import {boardLink, cell, fileLink, note} from '../lib/ui.js';
import {capital, count, plural, route, sentence} from '../lib/words.js';

const MOST_FAILED = 20;
const FAILED_COLUMNS = ['Board', 'How', 'Reports', 'Last seen'];
const FAILURES = ['stuck', 'reverted', 'silent'];
const OUTCOMES = [
  ['offered', 'all of them', 'quiet'], ['updated', 'report another version since', 'good'], ['pending', 'report the old one', 'busy'],
  ['due', 'of these: could have updated by now', 'busy'], ['stuck', 'failed: were offered it too often', 'bad'],
  ['reverted', 'failed: came back from it', 'bad'], ['silent', 'failed: silent since, which is the mark of an image that bricks', 'bad'],
];

export function open(main, query, name) {
  document.title = `Rollout ${name} \u00b7 Fuota`;
  const state = h('div', {id: 'state', class: 'board-state'});
  const missing = h('div', {id: 'missing'}, h('p', {class: 'loading'}, 'Loading\u2026'));
  const told = h('div', {role: 'status', id: 'told'});
  const three = h('div', {});
  const buttons = h('div', {class: 'buttons', id: 'actions'});
  const curve = h('div', {class: 'chart-box', id: 'curve'});
  const adoption = chart(curve, {label: `Boards that were offered ${name}, updated and failed, over time`, height: 200, isSteps: true});
  const noCurve = h('p', {class: 'none', hidden: true}, 'The curve begins with the first offers.');
  const boards = h('div', {id: 'outcomes'});
  const stages = h('ol', {class: 'timeline', id: 'stages'});
  const failures = h('tbody', {role: 'rowgroup', id: 'failures'});
  const failuresMore = h('p', {class: 'hint'});
  const journal = h('ol', {class: 'timeline', id: 'journal'});
  const facts = h('dl', {class: 'facts', id: 'definition'});
  const limits = h('div', {id: 'limits'});
  const panel = (id, title, ...content) => h('section', {class: 'panel', 'aria-labelledby': id}, h('h2', {id}, title), content);
  const failed = panel('failed-title', 'Failed',
    h('table', {role: 'table', class: 'cards', 'aria-labelledby': 'failed-title'}, h('thead', {role: 'rowgroup'}, h('tr', {role: 'row'}, FAILED_COLUMNS.map(text => cell('th', 'columnheader', {scope: 'col'}, text)))), failures), failuresMore);
  const content = h('div', {hidden: true}, told, three,
    panel('actions-title', 'What can be done', buttons),
    h('div', {class: 'columns'},
      h('div', {}, panel('curve-title', 'Adoption', curve, noCurve), panel('boards-title', 'Boards that it was offered to', boards), failed, limits),
      h('div', {}, panel('stages-title', 'Stages', stages), panel('journal-title', 'Who did what', journal), panel('facts-title', 'Definition', facts))));
  main.append(h('p', {class: 'crumb'}, h('a', {href: route('rollouts')}, 'Rollouts')),
    h('h1', {tabindex: '-1'}, 'Rollout ', h('span', {class: 'id'}, name)), state, missing, content);

  function show(rollout, failing) {
    missing.replaceChildren();
    content.hidden = false;
    refresh(state, stateBadge(rollout.state), h('span', {class: 'none'}, 'since ', brief(rollout.since)),
      rollout.reason && rollout.state !== 'paused' ? h('p', {class: 'evidence'}, localised(sentence(rollout.reason))) : null,
      least(rollout) ? h('p', {class: 'evidence'}, localised(least(rollout))) : null);
    refresh(three, answers(rollout, failing));
    refresh(buttons, isAdmin() ? buttonsFor(rollout) : h('p', {class: 'none'}, 'You may look only.'));
    showCurve(rollout);
    refresh(boards, h('p', {}, `It is for ${plural(rollout.match, 'board')} by now.`), bar(rollout),
      h('div', {class: 'watch'}, OUTCOMES.map(([outcome, text, tone]) =>
        h('a', {class: `watch-row${rollout[outcome] ? '' : ' zero'}`, href: route('fleet', {rollout: name, outcome: outcome === 'offered' ? '' : outcome})},
          h('span', {class: 'watch-count'}, count(rollout[outcome])), h('span', {class: `badge ${tone}`}, outcome), h('span', {class: 'watch-says'}, text)))));
    showStages(rollout);
    failed.hidden = rollout.failed === 0;
    refresh(failures, failing.map(one => h('tr', {role: 'row'}, [boardLink(one.device_id), h('span', {class: 'badge bad'}, one.failure), h('span', {class: 'version'}, one.app_version ?? 'none'), both(one.last_seen)].map((shown, i) =>
      cell('td', 'cell', {'data-label': FAILED_COLUMNS[i]}, shown)))));
    refresh(failuresMore, rollout.failed > failing.length ? h('a', {href: route('fleet', {rollout: name, outcome: 'failed', sort: '-last_seen'})}, `All ${plural(rollout.failed, 'board')} that failed`) : null);
    refresh(journal, (rollout.journal ?? []).map(one => h('li', {class: one.user ? 'by-user' : null},
      h('p', {class: 'timeline-what'}, h('strong', {}, capital(one.action)), one.why ? [': ', localised(one.why)] : null),
      h('p', {class: 'exact'}, exact(one.at), ' \u00b7 ', one.user ? `by ${one.user}${one.remote_addr ? ` from ${one.remote_addr}` : ''}` : 'by itself'))));
    showLimits(rollout);
    const fact = (label, ...value) => h('div', {}, h('dt', {}, label), h('dd', {}, value));
    refresh(facts, Object.entries(rollout.definition).map(([label, value]) => fact(label.replaceAll('_', ' '),
      label === 'file' ? fileLink(value) : h('span', {class: 'value'}, Array.isArray(value) ? value.join(', ') : String(value)))));
  }

  function showCurve(rollout) {
    noCurve.hidden = rollout.progress.length > 0;
    curve.hidden = rollout.progress.length === 0;
    if (rollout.progress.length > 0) {
      const progress = untilNow(rollout, now());
      const fleet = outcome => route('fleet', {rollout: name, outcome});
      adoption.show(progress.map(one => Date.parse(one.at) / 1000), [
        {label: 'offered', values: progress.map(one => one.offered), colour: 'quiet', dash: [4, 4], href: fleet('')},
        {label: 'updated', values: progress.map(one => one.updated), colour: 'good', href: fleet('updated')},
        {label: 'failed', values: progress.map(one => one.failed), colour: 'bad', href: fleet('failed')}]);
    }
  }

  function showStages(rollout) {
    refresh(stages, rollout.stages.map((stage, i) => {
      const isNow = i + 1 === rollout.stage && stage.began && !stage.passed;
      return h('li', {class: stage.passed ? 'by-user' : isNow ? 'is-now' : null},
        h('p', {class: 'timeline-what'}, h('strong', {}, sentence(stageName(stage.of)).replace(/\.$/, '')), isNow ? ' \u00b7 now' : ''),
        h('p', {class: 'exact'}, stage.began ? ['began ', brief(stage.began)] : 'to come', stage.passed ? [', passed ', brief(stage.passed)] : null),
        isNow && rollout.gate?.waits ? h('p', {class: 'gate'}, localised(`The next waits: ${rollout.gate.waits}.`)) : null);
    }));
  }

  function showLimits(rollout) {
    const some = (title, total, ids, says) => total > 0 ? note('warn', h('p', {}, h('b', {}, `${title}: ${plural(total, 'board')}. `), says),
      h('p', {}, ids.map((id, i) => [i ? ', ' : '', boardLink(id)]), total > ids.length ? ', \u2026' : '')) : null;
    refresh(limits,
      rollout.held_back.length > 0 ? note('warn', h('p', {}, h('b', {}, 'Held back. '), 'These boards report a version that it replaces, and aren\u2019t offered it.'),
        h('ul', {}, rollout.held_back.map(one => h('li', {}, boardLink(one.device_id), ': ', one.why)))) : null,
      some('Without a way back', rollout.without_way_back ?? 0, rollout.first_without_way_back ?? [], 'What they took before isn\u2019t known, or no path holds it any more.'),
      some('Silent', rollout.silent_before ?? 0, rollout.first_silent_before ?? [], 'Nothing reaches them.'));
  }

  content.addEventListener('click', async event => {
    const button = event.target instanceof Element ? event.target.closest('button[data-action]') : null;
    if (button instanceof HTMLElement) {
      await act(name, button.dataset.action, told, 'force' in button.dataset);
      refreshing.run();
    }
  });

  const refreshing = live(async signal => {
    try {
      const rollout = await json(`rollouts/${encodeURIComponent(name)}`, {}, signal);
      const failing = await Promise.all(FAILURES.filter(failure => rollout[failure] > 0).map(async failure =>
        (await json('fleet', {rollout: name, outcome: failure, sort: '-last_seen', limit: MOST_FAILED}, signal)).map(one => ({...one, failure}))));
      show(rollout, failing.flat());
    } catch (e) {
      if (!(e instanceof Problem) || e.status !== 404 && e.status !== 400) {
        throw e;
      }
      content.hidden = true;
      refresh(missing, h('div', {class: 'empty'}, h('p', {}, e.message)));
    }
  });
  refreshing.run();
  return {close() {
    refreshing.close();
    adoption.close();
  }};
}
