// What is selected, and what can be done with it: stands above the fleet's table.
import {actOnSelected, askGroup} from './bulk.js';
import {h, refresh} from './dom.js';
import {asTarget, clear, selectAll, selectedCount, selectedFilter} from './selection.js';
import {isAdmin} from './session.js';
import {count, plural, route} from './words.js';

/** @param matching how many the filter takes, where all of the page are selected and there are more; else 0 */
export function showSelection(parent, matching) {
  const all = selectedFilter();
  const boards = selectedCount();
  const button = (name, text, kind) => h('button', {type: 'button', 'data-act': name, class: kind}, text);
  refresh(parent, boards === 0 ? [] : [
    h('b', {}, all ? `All ${plural(boards, 'board')} that the filter takes` : `${plural(boards, 'board')} selected`),
    all === null && matching > 0 ? button('all', `Select all ${count(matching)} that match`, 'link') : null,
    isAdmin() ? [button('assign', 'Assign\u2026', 'primary'), button('rollout', 'Make a rollout\u2026'), button('join', 'Put in a group\u2026'), button('leave', 'Take out of a group\u2026'),
      button('withdraw', 'Withdraw\u2026'), button('forget', 'Forget\u2026')] : null,
    button('clear', 'Clear', 'quiet')]);
}

/** Does what a button of it says; true when what is selected, or what the boards are, has changed. */
export async function actOnSelection(name, told, filter, matching) {
  const all = selectedFilter();
  switch (name) {
    case 'all':
      selectAll(filter, matching);
      return true;
    case 'clear':
      clear();
      return true;
    case 'assign':
      location.hash = route('ship', all ? {boards: 'filter', ...asTarget(all)} : {boards: 'selection'});
      return false;
    case 'rollout': {
      // A rollout is for a group: these boards become one first.
      const group = await askGroup('Make a rollout: these boards become a group first');
      if (group !== null) {
        await actOnSelected('join', told, group);
        location.hash = route('new-rollout', {group});
      }
      return false;
    }
    case 'join':
    case 'leave': {
      const group = await askGroup(name === 'join' ? 'Put in a group' : 'Take out of a group');
      return group !== null && await actOnSelected(name, told, group);
    }
    default:
      return await actOnSelected(name, told);
  }
}
