// What is said of rollouts: pure functions of what the API tells.

const SECONDS = {D: 86_400, H: 3600, M: 60, S: 1};

/** An ISO 8601 duration of days and less, such as PT1H30M, in seconds. */
export function seconds(iso) {
  return [...iso.matchAll(/(\d+(?:\.\d+)?)([DHMS])/g)].reduce((sum, [, number, unit]) => sum + Number(number) * SECONDS[unit], 0);
}

/** Seconds as an ISO 8601 duration, as short as it is. */
export function duration(all) {
  const parts = Object.entries({H: Math.floor(all / 3600), M: Math.floor(all % 3600 / 60), S: all % 60}).filter(([, number]) => number > 0);
  return parts.length === 0 ? 'PT0S' : `PT${parts.map(([unit, number]) => `${number}${unit}`).join('')}`;
}

/** When it is over at the earliest, as a sentence; empty where nothing can be said. */
export function least(rollout) {
  if (!rollout.gate?.opens) {
    return '';
  }
  const left = rollout.stages.length - rollout.stage;
  if (left <= 0) {
    return 'It is at its last stage.';
  }
  const at = new Date(Date.parse(rollout.gate.opens) + (left - 1) * seconds(rollout.definition.soak) * 1000).toISOString();
  return `Its last stage begins not before ${at}.`;
}

/** Its progress, and while it is under way how it is by now, to the minute: nothing is written down where nothing changes. */
export function untilNow({state, progress, offered, updated, failed}, now) {
  const minute = now - now % 60_000;
  return ['running', 'paused'].includes(state) && Date.parse(progress.at(-1).at) < minute
    ? [...progress, {at: new Date(minute).toISOString(), offered, updated, failed}] : progress;
}

/** How many a rollout is for that it wasn't offered to yet. */
export function untouched({match, offered}) {
  return Math.max(0, match - offered);
}

/** What a stage is called. */
export function stageName(of) {
  return typeof of === 'number' ? `${of} %` : `group ${of}`;
}
