// Withdrawing an update file from all boards: the stop button.
import {Problem, json, request} from './api.js';
import {confirm} from './dialog.js';
import {h} from './dom.js';
import {note} from './ui.js';
import {count, plural} from './words.js';

async function withdraw(file, isDryRun) {
  return (await (await request('DELETE', 'devices', {query: {file, dry_run: isDryRun ? 'true' : ''}})).json()).withdrawn;
}

/** Asks once, does it, and gives back a note that tells what has come of it; null when the reader doesn't want it. */
export async function withdrawFromAll(file) {
  try {
    const [all, states] = await Promise.all([withdraw(file, true), json('fleet', {file, by: 'state'})]);
    const updated = states.filter(one => ['updated', 'updated_silent'].includes(one.state)).reduce((sum, one) => sum + one.devices, 0);
    const isWanted = await confirm(`Withdraw from all ${plural(all, 'board')}?`, [
      h('p', {}, 'No board is offered ', h('span', {class: 'path'}, file), ' any more, from its next poll on. One that is downloading it right now goes on.'),
      h('p', {}, `${plural(updated, 'board')} ${updated === 1 ? 'has' : 'have'} updated already: nothing takes that back from here.`)], 'Withdraw');
    if (!isWanted) {
      return null;
    }
    const withdrawn = await withdraw(file, false);
    const stopped = Math.max(0, withdrawn - updated);
    return note('good', h('p', {id: 'withdrawn'}, h('b', {}, `Withdrawn from ${plural(withdrawn, 'board')}. `),
      `${plural(updated, 'updated board')} ${updated === 1 ? 'stays as it is' : 'stay as they are'}; ${count(stopped)} ${stopped === 1 ? 'isn\u2019t' : 'aren\u2019t'} offered it any more.`));
  } catch (e) {
    if (!(e instanceof Problem)) {
      throw e;
    }
    return note('bad', h('p', {}, h('b', {}, 'Not withdrawn. '), e.message));
  }
}
