// A paused rollout answers three questions: what happened, to whom, and what now.
import {h} from './dom.js';
import {untouched} from './rollout-words.js';
import {brief, localised} from './time.js';
import {boardLink} from './ui.js';
import {count, plural, route, sentence} from './words.js';

const FAILURES = {
  stuck: 'were offered it too often and still report the old version: they can\u2019t download or start it',
  reverted: 'took it and came back: the new firmware doesn\u2019t hold',
  silent: 'took it, or were about to, and are silent since: the mark of an image that bricks',
};

export function answers(rollout, failed) {
  if (rollout.state !== 'paused') {
    return null;
  }
  const fleet = outcome => route('fleet', {rollout: rollout.name, outcome});
  const kinds = Object.keys(FAILURES).filter(kind => rollout[kind] > 0);
  return h('div', {class: 'answers', id: 'answers'},
    h('section', {}, h('h2', {}, 'What happened'),
      h('p', {}, 'It paused ', brief(rollout.since), ': ', localised(sentence(rollout.reason || 'no reason was given'))),
      rollout.failed === 0 ? h('p', {}, 'No board has failed.') : h('ul', {}, kinds.map(kind => h('li', {}, h('a', {href: fleet(kind)}, plural(rollout[kind], 'board')), ` ${FAILURES[kind]}.`)))),
    h('section', {}, h('h2', {}, 'To whom'),
      h('p', {}, h('a', {href: fleet('')}, plural(rollout.offered, 'board')), ` ${rollout.offered === 1 ? 'was' : 'were'} offered it: `,
        h('a', {href: fleet('updated')}, `${count(rollout.updated)} updated`), ', ', h('a', {href: fleet('failed')}, `${count(rollout.failed)} failed`), ', ',
        h('a', {href: fleet('pending')}, `${count(rollout.pending)} pending`), `. ${count(untouched(rollout))} more that it is for weren\u2019t, and aren\u2019t while it is paused.`),
      failed.length === 0 ? null : h('p', {}, 'Look at one of them: ', failed.slice(0, 3).map((one, i) => [i ? ', ' : '', boardLink(one.device_id)]), '.')),
    h('section', {}, h('h2', {}, 'What now'),
      h('ul', {},
        rollout.failed > 0 && rollout.updated > 0 ? h('li', {}, h('b', {}, 'The image is bad: '), 'roll back. Boards that updated are offered what they took before.') : null,
        rollout.failed > 0 ? h('li', {}, h('b', {}, 'Only these boards are at fault: '), 'resume. They aren\u2019t offered it again, and the next failures pause it anew.') : h('li', {}, h('b', {}, 'The reason is gone: '), 'resume.'),
        h('li', {}, h('b', {}, 'You don\u2019t know yet: '), 'leave it paused. No board is offered it; nothing gets worse by it.'))));
}
