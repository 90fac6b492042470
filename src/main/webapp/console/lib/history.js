// What a board's history says of its versions over time: pure functions of its events, the newest first.

const SETS_VERSION = ['seen', 'version', 'updated', 'reverted'];

/** Spans of one version each, the oldest first: version, from and to in milliseconds; the last lasts until now. */
export function spans(events, version, now) {
  const changes = events.filter(one => SETS_VERSION.includes(one.event) && one.after !== null).toReversed();
  const found = [];
  for (const change of changes) {
    const at = Date.parse(change.at);
    const last = found.at(-1);
    if (last?.version === change.after) {
      continue;
    }
    if (!last && change.before !== null) {
      found.push({version: change.before, from: null, to: at});
    } else if (last) {
      last.to = at;
    }
    found.push({version: change.after, from: at, to: now});
  }
  if (found.length === 0 && version !== null) {
    found.push({version, from: null, to: now});
  }
  const begin = found.find(one => one.from !== null)?.from ?? now - 3_600_000;
  // Of what was before all that is kept, only the end is known: it is drawn as a twentieth.
  return found.map(one => one.from === null ? {...one, from: begin - Math.max(60_000, (now - begin) / 20)} : one);
}

/** When it was offered something, and what. */
export function offers(events) {
  return events.filter(one => one.event === 'offered').map(one => ({at: Date.parse(one.at), what: one.after}));
}

/** An id without what people write between its parts: two that are the same so may be one board. */
export function bare(id) {
  return id.toLowerCase().replace(/[^a-z0-9]/g, '');
}
