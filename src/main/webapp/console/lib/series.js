// Numbers over time, as charts need them: pure functions.

const COLOURS = 8;

/** The style of a series by its place: so many of them are told apart, and then they begin anew. */
export function tone(place) {
  return `series-${place % COLOURS + 1}`;
}

/** Each the sum of those before it: what is stacked. Where nothing is known of a time, nothing is drawn. */
export function stacked(series) {
  const sums = [];
  for (const one of series) {
    const below = sums.at(-1);
    sums.push(one.map((value, i) => value === null ? null : value + (below?.[i] ?? 0)));
  }
  return sums;
}

/** Times, and the values of each name at these; null at times that are missing between two, so that no line is drawn over what isn't known. */
export function table(rows, nameOf, valueOf, stepSeconds) {
  /** @type {number[]} */
  const times = [];
  for (const row of rows) {
    const at = Date.parse(row.at) / 1000;
    const last = times.at(-1);
    if (at !== last) {
      if (last !== undefined && at - last > 1.5 * stepSeconds) {
        times.push(last + stepSeconds);
      }
      times.push(at);
    }
  }
  const index = new Map(times.map((at, i) => [at, i]));
  const known = new Set(rows.map(row => Date.parse(row.at) / 1000));
  const values = new Map();
  for (const row of rows) {
    const name = nameOf(row);
    if (!values.has(name)) {
      values.set(name, times.map(at => known.has(at) ? 0 : null));
    }
    values.get(name)[index.get(Date.parse(row.at) / 1000) ?? 0] = valueOf(row);
  }
  return {times, values};
}

/**
 * The series that ever had most, the one that has most at the end first; and all others in one, null where there are none.
 *
 * @param {Map<string | null, (number | null)[]>} values
 * @param {number} count how many are told apart
 */
export function most(values, count) {
  const peak = numbers => Math.max(0, ...numbers.filter(one => one !== null));
  const byPeak = [...values].sort(([, a], [, b]) => peak(b) - peak(a));
  const shown = byPeak.slice(0, count).sort(([, a], [, b]) => (b.at(-1) ?? 0) - (a.at(-1) ?? 0) || peak(b) - peak(a));
  const others = byPeak.slice(count).map(([, numbers]) => numbers);
  return {shown, others: others.length, together: others[0]?.map((_, i) => others.every(one => one[i] === null) ? null : others.reduce((sum, one) => sum + (one[i] ?? 0), 0)) ?? null};
}

/** At most some thirty of many times, the last among them. */
export function sampled(times) {
  const step = Math.ceil(times.length / 30);
  return times.map((_, i) => i).filter(i => (times.length - 1 - i) % step === 0);
}
