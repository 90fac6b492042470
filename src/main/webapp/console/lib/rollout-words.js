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
    return rollout.state === 'scheduled' && rollout.definition.starts ? `Begins ${rollout.definition.starts}.` : '';
  }
  const left = rollout.stages.length - rollout.stage;
  if (left <= 0) {
    return 'It is at its last stage.';
  }
  const at = new Date(Date.parse(rollout.gate.opens) + (left - 1) * seconds(rollout.definition.soak) * 1000).toISOString();
  return `${left === 1 ? 'Its last stage begins' : 'Its last stage begins not before'} ${at}.`;
}

/** What a stage is called. */
export function stageName(of) {
  return typeof of === 'number' ? `${of} %` : `group ${of}`;
}
