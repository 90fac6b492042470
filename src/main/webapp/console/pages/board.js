// One board: what it runs, why it is offered something or not, what to do about it, and its history.
import {Problem, isReachable, json, segment} from '../lib/api.js';
import {assignForm, forget, withdraw} from '../lib/board-acts.js';
import {advice, why} from '../lib/board-advice.js';
import {h, put, refresh} from '../lib/dom.js';
import {bare} from '../lib/history.js';
import {live} from '../lib/live.js';
import {notes} from '../lib/notes.js';
import {isAdmin} from '../lib/session.js';
import {strip} from '../lib/strip.js';
import {both, brief, duration, exact, localised} from '../lib/time.js';
import {badge, boardLink, fileLink, icon} from '../lib/ui.js';
import {idText, plural, route, said, sentence} from '../lib/words.js';

const EVENTS = {
  seen: 'polled for the first time', version: 'reports another version', offered: 'was offered an update', updated: 'updated',
  reverted: 'rolled back', address: 'polls from another address', answer: 'gets a different answer', clone: 'looks like two boards with one id',
  assigned: 'was assigned an update', withdrawn: 'had its update withdrawn', forgotten: 'was forgotten', noted: 'got a note', note_deleted: 'lost a note',
};
const ANSWERS = {
  offered: 'offers the update', no_update: 'no update', unknown_device: 'unknown board: it has no assignment',
  file_missing: 'its update file isn\u2019t there', malformed: 'malformed poll', trouble: 'the server couldn\u2019t decide',
};

export function open(main, query, id) {
  document.title = `Board ${id} \u00b7 Fuota`;
  let known = null;
  /** @type {string[]} */
  let alike = [];
  const state = h('div', {id: 'state', class: 'board-state'});
  const missing = h('div', {id: 'missing'});
  const reason = h('div', {class: 'why', id: 'why'});
  const line = h('div', {id: 'strip'});
  const doubles = h('div', {id: 'doubles'});
  const facts = h('dl', {class: 'facts', id: 'facts'});
  const answers = h('tbody', {id: 'answers'});
  const not = h('ul', {id: 'not'});
  const history = h('ol', {class: 'timeline', id: 'history'});
  const acts = h('div', {class: 'acts', id: 'acts'});
  const kept = notes(id, () => refreshing.run());
  const form = assignForm(id, () => refreshing.run());
  const panel = (name, title, ...content) => h('section', {class: 'panel', 'aria-labelledby': name}, h('h2', {id: name}, title), content);
  const admin = h('div', {}, panel('assign-title', 'Assign an update', form.element), panel('acts-title', 'Withdraw or forget', acts));
  const content = h('div', {hidden: true}, reason, doubles,
    panel('strip-title', 'Versions and offers', line),
    h('div', {class: 'columns'},
      h('div', {}, panel('facts-title', 'What is known', facts),
        panel('next-title', 'What its next poll will be answered', h('table', {class: 'plain'}, h('thead', {}, h('tr', {}, ['If it reports', 'Answer', 'Because'].map(text => h('th', {scope: 'col'}, text)))), answers), not),
        panel('history-title', 'History', history)),
      h('aside', {'aria-label': 'What can be done'}, panel('notes-title', 'Notes', kept.element), admin)));
  main.append(h('p', {class: 'crumb'}, h('a', {href: route('fleet')}, 'Fleet')), h('h1', {tabindex: '-1'}, 'Board ', h('span', {class: 'id'}, idText(id))), state, missing, content);
  if (!isReachable(id)) {
    put(missing, h('div', {class: 'empty'}, h('p', {}, 'No board can be called that: no URL can hold such an id.')));
    return {};
  }
  put(missing, h('p', {class: 'loading'}, 'Loading\u2026'));

  async function load(signal) {
    let board;
    try {
      board = await json(`fleet/${segment(id)}`, {}, signal);
    } catch (e) {
      if (!(e instanceof Problem) || e.status !== 404 && e.status !== 400) {
        throw e;
      }
      known = null;
      content.hidden = true;
      state.replaceChildren();
      refresh(missing, h('div', {class: 'empty'}, h('p', {}, e.message), h('p', {}, 'It will be here when it polls, or is assigned an update.')));
      return;
    }
    const isFirst = known === null;
    if (isFirst) {
      form.fill(board);
    }
    known = board;
    missing.replaceChildren();
    content.hidden = false;
    show(board);
    if (isFirst) {
      // A search through the whole fleet, which nobody waits for.
      alike = await doublesOf(signal);
      showDoubles(board);
    }
  }

  function show(board) {
    refresh(state, badge(board.state), board.clone ? h('span', {class: 'badge warn'}, icon('warning'), 'clone') : null,
      board.since ? h('span', {class: 'none'}, 'since ', brief(board.since)) : null, h('p', {class: 'evidence'}, localised(sentence(board.evidence))));
    const {text, link} = advice(board);
    refresh(reason, h('p', {}, h('b', {}, 'Why: '), localised(said(why(board)))), h('p', {}, h('b', {}, 'What to do: '), text, link ? [' ', h('a', {href: link.href}, link.text), '.'] : null));
    showDoubles(board);
    strip(line, board);
    refresh(facts, ...factsOf(board));
    refresh(answers, board.next_poll.length === 0 ? h('tr', {}, h('td', {colspan: '3'}, 'Nothing: no board can poll with such an id.')) : board.next_poll.map(next => h('tr', {},
      h('td', {}, next.app_version === null ? 'any other version' : h('span', {class: 'version'}, next.app_version)),
      h('td', {}, h('span', {class: `badge ${next.status === 200 ? 'busy' : next.status === 404 ? 'warn' : 'quiet'}`}, String(next.status)), ' ', ANSWERS[next.answer] ?? next.answer),
      h('td', {}, localised(sentence(next.reason))))));
    refresh(not, (board.offer?.not ?? []).map(one => h('li', {}, 'Not by rollout ', h('a', {class: 'id', href: route(`rollouts/${encodeURIComponent(one.rollout)}`)}, one.rollout), ': ', localised(said(one.why)))));
    refresh(history, board.history.length === 0 ? h('li', {}, 'Nothing yet.') : board.history.map(event => h('li', {class: event.user ? 'by-user' : null},
      h('p', {class: 'timeline-what'}, h('strong', {}, sentence(EVENTS[event.event] ?? event.event).slice(0, -1)),
        event.before === null && event.after === null ? null : [': ', event.before === null ? null : [h('span', {class: 'value'}, event.before), event.after === null ? null : ' \u2192 '],
          event.after === null ? null : h('span', {class: 'value'}, event.after)]),
      h('p', {class: 'exact'}, exact(event.at), ' \u00b7 ', event.user ? `by ${event.user} from ` : 'told by its poll from ', event.remote_addr))));
    kept.show(board.notes ?? []);
    admin.hidden = !isAdmin();
    refresh(acts, h('p', {class: 'hint'}, 'Withdraw ends the offer. Forget deletes what its polls told, as for a retired board.'),
      h('div', {class: 'buttons'},
        h('button', {type: 'button', id: 'withdraw', disabled: board.update_file_path === null}, 'Withdraw the update\u2026'),
        h('button', {type: 'button', id: 'forget', disabled: board.last_seen === null}, 'Forget the board\u2026')));
  }

  function factsOf(board) {
    const fact = (name, ...value) => h('div', {}, h('dt', {}, name), h('dd', {}, value));
    const none = text => h('span', {class: 'none'}, text);
    return [
      fact('Runs version', board.app_version === null ? none('none reported') : [h('a', {class: 'version', href: route('fleet', {version: board.app_version})}, board.app_version),
        h('span', {class: 'exact'}, 'since ', brief(board.app_version_since))]),
      fact('Project and chip', board.project || board.chip ? [board.project ? h('a', {href: route('fleet', {project: board.project})}, board.project) : null, ' ',
        board.chip ? h('a', {href: route('fleet', {chip: board.chip})}, board.chip) : null] : none('no image of it is known')),
      fact('Groups', board.groups?.length ? board.groups.map((group, i) => [i ? ', ' : '', h('a', {href: route('fleet', {group})}, group)]) : none('none')),
      fact('Last seen', both(board.last_seen)), fact('First seen', both(board.first_seen)),
      fact('Rhythm', board.usual_gap_seconds === null ? none('not known yet') : `usually every ${duration(board.usual_gap_seconds)}`, h('span', {class: 'exact'}, plural(board.polls, 'poll'))),
      fact('Address', board.remote_addr ?? none('unknown')),
      fact('Last answer', board.answer === null ? none('none yet') : [ANSWERS[board.answer] ?? board.answer, board.answer_since ? h('span', {class: 'exact'}, 'since ', brief(board.answer_since)) : null]),
      fact('Assigned', board.update_file_path === null ? none('nothing') : [fileLink(board.update_file_path),
        h('span', {class: 'exact'}, 'replaces version ', h('span', {class: 'version'}, board.replaces_version), board.assigned_at ? [', ', brief(board.assigned_at)] : null)]),
      fact('Offers', board.offered_file === null ? none('none yet') : [`${plural(board.offers, 'time')} `, h('span', {class: 'path'}, board.offered_file), h('span', {class: 'exact'}, 'last ', brief(board.offered_last))]),
    ];
  }

  /** Other ids that are the same but for case and separators: one board may have had both. */
  async function doublesOf(signal) {
    return bare(id).length < 4 ? [] : (await json('fleet', {search: bare(id), fields: 'device_id', limit: 20}, signal)).map(one => one.device_id).filter(one => one !== id && bare(one) === bare(id));
  }

  function showDoubles(board) {
    refresh(doubles, board.clone || alike.length ? h('div', {class: 'note warn'}, icon('warning'), h('div', {},
      board.clone ? h('p', {}, h('b', {}, 'Two boards seem to use this id: '), 'its polls report now one version, now another. What is concluded of it is of both. Give each board an id of its own.') : null,
      alike.length ? h('p', {}, h('b', {}, 'The same id is written in another way: '), alike.map((one, i) => [i ? ', ' : '', boardLink(one)]), '. To the server these are different boards.') : null)) : null);
  }

  acts.addEventListener('click', async event => {
    const name = event.target instanceof Element ? event.target.id : '';
    if (name === 'withdraw') {
      await withdraw(id, known);
    } else if (name === 'forget' && await forget(id, known)) {
      known = null;
    }
    refreshing.run();
  });

  const refreshing = live(load);
  refreshing.run();
  return {close: refreshing.close};
}
