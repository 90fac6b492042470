// What needs a person, as the server tells it; each thing leads to where something can be done about it.
import {route} from './words.js';

const STATES = ['updated_silent', 'stuck', 'reverted', 'unavailable'];

/** Where to look into it, and what the link is called; null where nothing but words can help. */
export function remedy({kind, subject}) {
  if (STATES.includes(kind)) {
    return {href: route('fleet', {state: kind, sort: '-since'}), text: 'Show them'};
  }
  switch (kind) {
    case 'rollout_paused':
      return {href: route(`rollouts/${encodeURIComponent(subject)}`), text: 'See what happened'};
    case 'silent_group':
      return {href: route('fleet', {group: subject === 'all boards' ? '' : subject, state: 'silent', sort: '-last_seen'}), text: 'Show the silent ones'};
    case 'loop':
      return {href: route('fleet', {file: subject}), text: 'Show them'};
    case 'lost_file':
      return {href: route('files'), text: 'Upload it again'};
    case 'clone':
      return {href: route('fleet', {clone: 'true'}), text: 'Show them'};
    default:
      return null;
  }
}

/** How it is said in one line of a page's title or a badge. */
export function tally(items) {
  const bad = items.filter(one => one.level === 'bad').length;
  return {bad, warn: items.length - bad};
}
