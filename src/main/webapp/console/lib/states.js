// The states, as the API has them, and what each means to a reader.

/** The states, as the API has them, and what each means to a reader. */
export const STATES = {
  unseen: {tone: 'quiet', says: 'assigned, and never polled'},
  waiting: {tone: 'busy', says: 'not offered its file yet'},
  offered: {tone: 'busy', says: 'offered its file, and still on the old version'},
  updated: {tone: 'good', says: 'on another version since the offer'},
  reverted: {tone: 'warn', says: 'rolled back to the old version'},
  stuck: {tone: 'bad', says: 'offered again and again, and nothing changes'},
  updated_silent: {tone: 'bad', name: 'updated, silent', says: 'updated, and then no poll any more: a bad image looks like this'},
  silent: {tone: 'warn', says: 'no poll for several times its usual gap'},
  unavailable: {tone: 'warn', says: 'its update file isn\u2019t there'},
  discovered: {tone: 'quiet', says: 'polls, and has no assignment'},
};

/** A state in words. */
export function stateName(state) {
  return STATES[state]?.name ?? state;
}
