// One rollout, with all that is known of it and what can be done about it.
import {Problem, json, request} from '../lib/api.js';
import {ask} from '../lib/dialog.js';
import {h, put, refresh} from '../lib/dom.js';
import {live} from '../lib/live.js';
import {bar, rolloutLink, stateBadge} from '../lib/rollout-parts.js';
import {brief, localised} from '../lib/time.js';
import {boardLink, fileLink, note} from '../lib/ui.js';
import {count, plural, route, sentence} from '../lib/words.js';

/** What can be done in which state; what it means; and whether it needs a second thought. */
const ACTIONS = {
  pause: {text: 'Pause', states: ['scheduled', 'running', 'completed'], says: 'No board is offered it until somebody resumes it.'},
  resume: {text: 'Resume', states: ['paused'], says: 'It goes on where it was. What failed until now is set aside: only new failures pause it again, and boards that failed aren\u2019t offered it again.'},
  advance: {text: 'Begin the next stage', states: ['running'], says: 'The next stage begins now, whatever this one waits for.'},
  stop: {text: 'Stop', states: ['scheduled', 'running', 'paused', 'completed'], kind: 'danger', says: 'No board is offered it any more. That is for ever: to go on, another rollout is made. Boards that have updated stay as they are.'},
  rollback: {text: 'Roll back', states: ['running', 'paused', 'completed', 'stopped'], kind: 'danger', says: 'It is stopped for ever, and each board that it has updated is offered what it took before, all at once. Boards of which that isn\u2019t known, and silent ones, stay as they are; you are told which.'},
};

export function open(main, query, name) {
  document.title = `Rollout ${name} \u00b7 Fuota`;
  const state = h('div', {id: 'state', class: 'board-state'});
  const missing = h('div', {id: 'missing'}, h('p', {class: 'loading'}, 'Loading\u2026'));
  const told = h('div', {role: 'status', id: 'told'});
  const buttons = h('div', {class: 'buttons', id: 'actions'});
  const boards = h('div', {id: 'outcomes'});
  const stages = h('ol', {class: 'timeline', id: 'stages'});
  const facts = h('dl', {class: 'facts', id: 'definition'});
  const limits = h('div', {id: 'limits'});
  const panel = (id, title, ...content) => h('section', {class: 'panel', 'aria-labelledby': id}, h('h2', {id}, title), content);
  const content = h('div', {hidden: true}, told,
    panel('actions-title', 'What can be done', buttons),
    panel('boards-title', 'Boards that it was offered to', boards),
    panel('stages-title', 'Stages', stages),
    limits,
    panel('facts-title', 'Definition', facts));
  main.append(h('p', {class: 'crumb'}, h('a', {href: route('rollouts')}, 'Rollouts')),
    h('h1', {tabindex: '-1'}, 'Rollout ', h('span', {class: 'id'}, name)), state, missing, content);

  function show(rollout) {
    missing.replaceChildren();
    content.hidden = false;
    refresh(state, stateBadge(rollout.state), h('span', {class: 'none'}, 'since ', brief(rollout.since)),
      rollout.reason ? h('p', {class: 'evidence'}, localised(sentence(rollout.reason))) : null,
      rollout.gate?.waits ? h('p', {class: 'evidence'}, localised(`The next stage waits ${rollout.gate.waits}.`)) : null);
    refresh(buttons, Object.entries(ACTIONS).filter(([, action]) => action.states.includes(rollout.state)).map(([id, action]) =>
      h('button', {type: 'button', 'data-action': id, class: action.kind ?? null}, `${action.text}\u2026`)));
    const link = (outcome, text, tone) => h('a', {class: `watch-row${rollout[outcome] ? '' : ' zero'}`, href: route('fleet', {rollout: name, outcome: outcome === 'offered' ? '' : outcome})},
      h('span', {class: 'watch-count'}, count(rollout[outcome])), h('span', {class: `badge ${tone}`}, outcome), h('span', {class: 'watch-says'}, text));
    refresh(boards, h('p', {}, `It is for ${plural(rollout.match, 'board')} by now.`), bar(rollout),
      h('div', {class: 'watch'},
        link('offered', 'all of them', 'quiet'),
        link('updated', 'report another version since', 'good'),
        link('pending', 'report the old one', 'busy'),
        link('due', 'of these: could have updated by now', 'busy'),
        link('stuck', 'failed: were offered it too often', 'bad'),
        link('reverted', 'failed: came back from it', 'bad'),
        link('silent', 'failed: silent since, which is the mark of an image that bricks', 'bad')));
    refresh(stages, rollout.stages.map((stage, i) => h('li', {class: stage.passed ? 'by-user' : null},
      h('p', {class: 'timeline-what'}, h('strong', {}, typeof stage.of === 'number' ? `${stage.of} %` : `Group ${stage.of}`), i + 1 === rollout.stage && stage.began && !stage.passed ? ' \u00b7 now' : ''),
      h('p', {class: 'exact'}, stage.began ? ['began ', brief(stage.began)] : 'to come', stage.passed ? [', passed ', brief(stage.passed)] : null))));
    const some = (title, total, ids, says) => total > 0 ? note('warn', h('p', {}, h('b', {}, `${title}: ${plural(total, 'board')}. `), says),
      h('p', {}, ids.map((id, i) => [i ? ', ' : '', boardLink(id)]), total > ids.length ? ', \u2026' : '')) : null;
    refresh(limits,
      rollout.held_back.length > 0 ? note('warn', h('p', {}, h('b', {}, 'Held back. '), 'These boards report a version that it replaces, and aren\u2019t offered it.'),
        h('ul', {}, rollout.held_back.map(one => h('li', {}, boardLink(one.device_id), ': ', one.why)))) : null,
      some('Without a way back', rollout.without_way_back ?? 0, rollout.first_without_way_back ?? [], 'What they took before isn\u2019t known, or no path holds it any more.'),
      some('Silent', rollout.silent_before ?? 0, rollout.first_silent_before ?? [], 'Nothing reaches them.'));
    const fact = (label, ...value) => h('div', {}, h('dt', {}, label), h('dd', {}, value));
    refresh(facts, Object.entries(rollout.definition).map(([label, value]) => fact(label.replaceAll('_', ' '),
      label === 'file' ? fileLink(value) : h('span', {class: 'value'}, Array.isArray(value) ? value.join(', ') : String(value)))));
  }

  buttons.addEventListener('click', async event => {
    const id = event.target.closest('button')?.dataset.action;
    if (id) {
      await act(id, false);
    }
  });

  async function act(id, isForced) {
    const {text, says, kind = 'primary'} = ACTIONS[id];
    const isRollback = id === 'rollback';
    const answer = await ask(`${text}: ${name}`, [h('p', {}, says)], text, kind, isRollback ? 'File for boards whose earlier one isn\u2019t known (optional)' : undefined);
    if (answer === null) {
      return;
    }
    const body = isRollback ? (answer ? JSON.stringify({file: answer}) : '') : answer;
    try {
      const response = await request('POST', `rollouts/${encodeURIComponent(name)}/${id}`, {query: {force: isForced ? 'true' : ''}, body});
      const {rollout, sentences} = await response.json();
      put(told, note('good', sentences.map(one => h('p', {}, sentence(one))), rollout ? h('p', {}, rolloutLink(rollout)) : null));
    } catch (e) {
      if (!(e instanceof Problem)) {
        throw e;
      }
      put(told, note('bad', h('p', {}, e.message), e.isForcible && !isForced
        ? h('button', {type: 'button', class: 'danger', onclick: () => act(id, true)}, `${text} anyway\u2026`) : null));
    }
    refreshing.run();
  }

  const refreshing = live(async signal => {
    try {
      show(await json(`rollouts/${encodeURIComponent(name)}`, {}, signal));
    } catch (e) {
      if (!(e instanceof Problem) || e.status !== 404 && e.status !== 400) {
        throw e;
      }
      content.hidden = true;
      refresh(missing, h('div', {class: 'empty'}, h('p', {}, e.message)));
    }
  });
  refreshing.run();
  return {close: refreshing.close};
}

