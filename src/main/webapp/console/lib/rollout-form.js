// From what is typed for a rollout to its definition: pure functions.
import {duration, seconds} from './rollout-words.js';

export const USUAL_STAGES = [1, 10, 50, 100];

/** Numbers with their usual values, as the server has them; what is as usual is left out of a definition. */
export const NUMBERS = {
  success_percent: {usual: 95, text: 'Success, %', says: 'So many of those judged must have updated, for the next stage to begin.'},
  max_failed_percent: {usual: 5, text: 'Most failures, %', says: 'With more failed of those judged, it pauses by itself.'},
  min_boards: {usual: 10, text: 'Judged at least', says: 'So many boards of a stage must be judged, or all of it.'},
  max_downloads: {usual: 5, text: 'Offers a board', says: 'Offered it so often and still on the old version, a board has failed.'},
  offers_per_minute: {usual: 0, text: 'First offers a minute', says: '0 is as fast as boards poll.'},
};

/** Stages as they are typed: percentages and groups, parted by commas or spaces; a text that says what is wrong where they can't be. */
export function parseStages(text) {
  const stages = text.split(/[\s,]+/).filter(Boolean).map(one => /^\d+(\.\d+)?%?$/.test(one) ? Number.parseFloat(one) : one);
  const percentages = stages.filter(one => typeof one === 'number');
  if (stages.length === 0) {
    return 'It needs a stage at least.';
  }
  if (percentages.some(one => one < 0.01 || one > 100)) {
    return 'A percentage is from 0.01 to 100.';
  }
  if (percentages.some((one, i) => i > 0 && one <= percentages[i - 1])) {
    return 'The percentages must rise from stage to stage.';
  }
  return stages;
}

export function stagesText(stages) {
  return stages.join(', ');
}

/** The version that a file's path or image suggests as a name; made unlike those that exist. */
export function suggestName(file, names) {
  const base = (file?.version ?? file?.path ?? '').replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+/, '').slice(0, 60);
  if (base === '' || !names.includes(base)) {
    return base;
  }
  let number = 2;
  while (names.includes(`${base}-${number}`)) {
    number++;
  }
  return `${base}-${number}`;
}

/** What is sent: values as they were typed, without what is empty or usual. A sentence where something is missing. */
export function definition(values) {
  if (!values.file) {
    return 'Choose an update file.';
  }
  if (values.replaces.length === 0) {
    return 'Choose the versions that boards report now, one at least.';
  }
  const stages = parseStages(values.stages);
  if (typeof stages === 'string') {
    return stages;
  }
  const made = {file: values.file, replaces: values.replaces, stages};
  for (const name of ['group', 'except', 'prefix']) {
    if (values[name]) {
      made[name] = values[name];
    }
  }
  for (const [name, {usual, text}] of Object.entries(NUMBERS)) {
    const number = Number(values[name]);
    if (values[name] === '' || !Number.isInteger(number) || number < 0) {
      return `${text}: a whole number is needed.`;
    }
    if (number !== usual) {
      made[name] = number;
    }
  }
  const soak = Number(values.soak) * Number(values.soakUnit);
  if (values.soak === '' || !(soak >= 0)) {
    return 'How long does a stage last? 0 is not at all.';
  }
  if (Math.round(soak) !== seconds('PT1H')) {
    made.soak = duration(Math.round(soak));
  }
  if (values.starts) {
    made.starts = new Date(values.starts).toISOString();
  }
  if (Boolean(values.from) !== Boolean(values.to)) {
    return 'Hours need both their begin and their end.';
  }
  if (values.from) {
    made.hours = `${values.from}-${values.to}`;
    made.zone = values.zone;
  }
  if (values.anyImage) {
    made.any_image = true;
  }
  return made;
}
