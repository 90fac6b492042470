// Which boards are meant: those that the reader has ticked, and what the address filters by.

export const FILTERS = ['state', 'version', 'file', 'rollout', 'outcome', 'group', 'search', 'clone'];

const SELECTION = `selection of ${location.pathname}`;

/** The ids that the reader has ticked, for the page that ships. Kept with the window, so that a reload doesn't lose them. */
export const selection = new Set(JSON.parse(sessionStorage.getItem(SELECTION) ?? '[]'));

/** After each change of it. */
export function keepSelection() {
  try {
    sessionStorage.setItem(SELECTION, JSON.stringify([...selection]));
  } catch {
    // More than the browser keeps: then it lasts until a reload.
  }
}

/** The filter of the fleet, in a query of the page that ships: beside the file and the version that are chosen there. */
export function asTarget(query) {
  return Object.fromEntries(Object.entries(filters(query)).map(([name, value]) => [`of-${name}`, value]));
}

export function ofTarget(query) {
  return Object.fromEntries(FILTERS.filter(name => query[`of-${name}`]).map(name => [name, query[`of-${name}`]]));
}

export function filters(query) {
  return Object.fromEntries(FILTERS.filter(name => query[name]).map(name => [name, query[name]]));
}
