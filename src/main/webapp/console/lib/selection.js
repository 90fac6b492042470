// Which boards are meant: those that the reader has ticked, or all that a filter takes. Kept with the window, so that neither a reload nor paging loses it.
import {csv, idList} from './api.js';

/** What the fleet can be filtered by, as the API names it. */
const FILTERS = ['state', 'version', 'file', 'rollout', 'outcome', 'group', 'project', 'chip', 'image', 'prefix', 'clone',
  'first_seen_from', 'first_seen_to', 'last_seen_from', 'last_seen_to', 'search'];

const KEY = `selection of ${location.pathname}`;

/** The ids that are ticked; or the filter, and how many boards it took then. */
let ids = new Set();
let all = null;

function recall() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? '[]');
    ids = new Set(Array.isArray(kept) ? kept : []);
    all = Array.isArray(kept) ? null : kept;
  } catch {
    // It wasn't ours: nothing is selected.
  }
}

function keep() {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(all ?? [...ids]));
  } catch {
    // More than the browser keeps: then it lasts until a reload.
  }
}

recall();

export function isSelected(id) {
  return all !== null || ids.has(id);
}

export function select(id, isPicked) {
  all = null;
  if (isPicked) {
    ids.add(id);
  } else {
    ids.delete(id);
  }
  keep();
}

/** All boards that a filter takes, when something is done with them. */
export function selectAll(filter, boards) {
  ids = new Set();
  all = {filter, boards};
  keep();
}

/** The filter whose boards are all selected; null where single boards are, or none. */
export function selectedFilter() {
  return all?.filter ?? null;
}

export function clear() {
  ids = new Set();
  all = null;
  keep();
}

/** How many are selected; of all that a filter takes, how many it took when they were. */
export function selectedCount() {
  return all?.boards ?? ids.size;
}

export function firstSelected(most) {
  return [...ids].slice(0, most);
}

/** The selected ids, a line each, as the server takes them. */
export async function selectedIds() {
  return all === null ? new Blob([csv([...ids].map(id => [id]))]) : await idList(all.filter);
}

export function filters(query) {
  return Object.fromEntries(FILTERS.filter(name => query[name]).map(name => [name, query[name]]));
}

/** The filter of the fleet, in a query of another page, beside what is chosen there. */
export function asTarget(query) {
  return Object.fromEntries(Object.entries(filters(query)).map(([name, value]) => [`of-${name}`, value]));
}

export function ofTarget(query) {
  return Object.fromEntries(FILTERS.filter(name => query[`of-${name}`]).map(name => [name, query[`of-${name}`]]));
}
