// A row of the fleet's table.
import {h} from './dom.js';
import {isSelected} from './selection.js';
import {ago, localised} from './time.js';
import {badge, boardLink, cell, icon} from './ui.js';
import {idText, route} from './words.js';

/** The columns: the field that it is sorted by, and whether the largest comes first. */
export const COLUMNS = [
  {name: 'id', field: 'device_id', text: 'Board'},
  {name: 'state', field: 'state', text: 'State'},
  {name: 'version', field: 'app_version', text: 'Version'},
  {name: 'update', field: 'update_file_path', text: 'Update'},
  {name: 'seen', field: 'last_seen', text: 'Last seen', isDescendingFirst: true},
  {name: 'since', field: 'since', text: 'State since', isDescendingFirst: true},
  {name: 'evidence', text: 'Evidence'},
];

/** What stands in each cell, by the column's name. */
export function cells(board) {
  const none = text => h('span', {class: 'none'}, text);
  return {
    id: [boardLink(board.device_id), board.clone ? h('span', {class: 'badge warn'}, icon('warning'), 'clone') : null],
    state: [badge(board.state)],
    version: [board.app_version === null ? none('none') : h('span', {class: 'version', title: board.app_version}, board.app_version)],
    update: [board.update_file_path === null ? none('not assigned')
      : h('span', {class: 'path', title: `${board.update_file_path} replaces ${board.replaces_version}`}, board.update_file_path)],
    seen: [board.last_seen === null ? none('never') : ago(board.last_seen)],
    since: [board.since === null ? none('\u2013') : ago(board.since)],
    evidence: [h('span', {title: board.evidence}, localised(board.evidence))],
  };
}

export function row(board, onPick) {
  const own = cells(board);
  return h('tr', {role: 'row'},
    cell('td', 'cell', {class: 'tick'}, h('input', {type: 'checkbox', 'aria-label': `Select board ${idText(board.device_id)}`,
      checked: isSelected(board.device_id), onchange: event => onPick(board.device_id, event.target.checked)})),
    COLUMNS.map(column => cell('td', 'cell', {'data-cell': column.name, 'data-label': column.text, class: column.name === 'evidence' ? 'evidence' : null}, own[column.name])));
}

/** What stands above a column, and sorts by it. */
export function heading(column, query) {
  const sort = query.sort ?? 'device_id';
  const isDown = sort === `-${column.field}`;
  const isSorted = column.field !== undefined && (isDown || sort === column.field);
  const next = ((isSorted ? !isDown : column.isDescendingFirst) ? '-' : '') + column.field;
  return cell('th', 'columnheader', {scope: 'col', 'aria-sort': isSorted ? (isDown ? 'descending' : 'ascending') : null, class: column.field ? null : 'evidence'},
    column.field ? h('a', {href: route('fleet', {...query, sort: next === 'device_id' ? '' : next, offset: ''})},
      column.text, h('span', {class: 'arrow', 'aria-hidden': 'true'}, isSorted ? (isDown ? '\u2193' : '\u2191') : '')) : column.text);
}
