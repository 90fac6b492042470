// What can be done about a rollout.
import {Problem, request} from './api.js';
import {ask} from './dialog.js';
import {h, put} from './dom.js';
import {rolloutLink} from './rollout-parts.js';
import {note} from './ui.js';
import {sentence} from './words.js';

/** In which states it can be done; what it means; and whether it needs a second thought. */
const ACTIONS = {
  resume: {text: 'Resume', states: ['paused'], says: 'It goes on where it was. What failed until now is set aside: only new failures pause it again, and boards that failed aren\u2019t offered it again.'},
  pause: {text: 'Pause', states: ['scheduled', 'running', 'completed'], says: 'No board is offered it until somebody resumes it.'},
  advance: {text: 'Begin the next stage', states: ['running'], says: 'The next stage begins now, whatever this one waits for.'},
  stop: {text: 'Stop', states: ['scheduled', 'running', 'paused', 'completed'], kind: 'danger', says: 'No board is offered it any more. That is for ever: to go on, another rollout is made. Boards that have updated stay as they are.'},
  rollback: {text: 'Roll back', states: ['running', 'paused', 'completed', 'stopped'], kind: 'danger', says: 'It is stopped for ever, and each board that it has updated is offered what it took before, all at once. Boards of which that isn\u2019t known, and silent ones, stay as they are; you are told which.'},
};

/** The buttons for a state; where a rollback has been made already, there is none for it. */
export function buttonsFor(rollout) {
  const isLast = rollout.stage >= rollout.stages.length;
  return Object.entries(ACTIONS).filter(([id, action]) => action.states.includes(rollout.state) && !(id === 'advance' && isLast)
      && !(id === 'rollback' && rollout.updated === 0))
    .map(([id, action]) => h('button', {type: 'button', 'data-action': id, class: action.kind ?? null}, `${action.text}\u2026`));
}

/** Asks, does it, and tells in an element what came of it. A stop and a rollback want the rollout's name typed. */
export async function act(name, id, told, isForced = false) {
  const {text, says, kind = 'primary'} = ACTIONS[id];
  const isRollback = id === 'rollback';
  const answer = await ask(`${text}: ${name}`, [h('p', {}, says)], text, kind,
    isRollback ? 'File for boards whose earlier one isn\u2019t known (optional)' : undefined, kind === 'danger' ? name : undefined);
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
      ? h('button', {type: 'button', class: 'danger', 'data-action': id, 'data-force': true}, `${text} anyway\u2026`) : null));
  }
}
