// One board: what it runs, what it will be answered and why, its history, and what can be done about it.
import {Problem, csv, isReachable, json, request, segment} from '../lib/api.js';
import {confirm} from '../lib/dialog.js';
import {h, put, refresh} from '../lib/dom.js';
import {live, trouble} from '../lib/live.js';
import {both, brief, duration, exact, localised} from '../lib/time.js';
import {badge, icon, note, toast, warnings} from '../lib/ui.js';
import {idText, plural, route, said, sentence} from '../lib/words.js';

const EVENTS = {
  seen: 'polled for the first time', version: 'reports another version', offered: 'was offered an update', updated: 'updated',
  reverted: 'rolled back', address: 'polls from another address', answer: 'gets a different answer', clone: 'looks like two boards with one id',
  assigned: 'was assigned an update', withdrawn: 'had its update withdrawn', forgotten: 'was forgotten',
};
const ANSWERS = {
  offered: 'offers the update', no_update: 'no update', unknown_device: 'unknown board: it has no assignment',
  file_missing: 'its update file isn\u2019t there', malformed: 'malformed poll', trouble: 'the server couldn\u2019t decide',
};

export function open(main, query, id) {
  document.title = `Board ${id} \u00b7 Fuota`;
  let known = null;
  let files = [];

  const heading = h('h1', {tabindex: '-1'}, 'Board ', h('span', {class: 'id'}, idText(id)));
  const state = h('div', {id: 'state', class: 'board-state'});
  const missing = h('div', {id: 'missing'});
  const facts = h('dl', {class: 'facts', id: 'facts'});
  const answers = h('tbody', {id: 'answers'});
  const not = h('ul', {id: 'not'});
  const history = h('ol', {class: 'timeline', id: 'history'});
  const file = h('input', {id: 'assign-file', list: 'assign-files', required: true, autocomplete: 'off', spellcheck: 'false'});
  const choices = h('datalist', {id: 'assign-files'});
  const version = h('input', {id: 'assign-version', required: true, autocomplete: 'off', spellcheck: 'false'});
  const verdict = h('div', {id: 'assign-verdict', role: 'status'});
  const acts = h('div', {class: 'acts', id: 'acts'});
  const form = h('form', {id: 'assign', onsubmit: event => {
    event.preventDefault();
    assign(false);
  }},
  h('div', {class: 'field'}, h('label', {for: 'assign-file'}, 'Update file'), file, choices),
  h('div', {class: 'field'}, h('label', {for: 'assign-version'}, 'Version to be replaced'), version,
    h('p', {class: 'hint'}, 'Only while the board reports exactly this version it is offered the file.')),
  h('button', {type: 'submit', class: 'primary'}, 'Assign'), verdict);
  const content = h('div', {class: 'columns', hidden: true},
    h('div', {},
      h('section', {class: 'panel', 'aria-labelledby': 'facts-title'}, h('h2', {id: 'facts-title'}, 'What is known'), facts),
      h('section', {class: 'panel', 'aria-labelledby': 'next-title'}, h('h2', {id: 'next-title'}, 'What its next poll will be answered'),
        h('table', {}, h('thead', {}, h('tr', {}, h('th', {scope: 'col'}, 'If it reports'), h('th', {scope: 'col'}, 'Answer'),
          h('th', {scope: 'col'}, 'Because'))), answers), not),
      h('section', {class: 'panel', 'aria-labelledby': 'history-title'}, h('h2', {id: 'history-title'}, 'History'), history)),
    h('aside', {'aria-label': 'What can be done'},
      h('section', {class: 'panel', 'aria-labelledby': 'assign-title'}, h('h2', {id: 'assign-title'}, 'Assign an update'), form),
      h('section', {class: 'panel', 'aria-labelledby': 'acts-title'}, h('h2', {id: 'acts-title'}, 'Withdraw or forget'), acts)));
  main.append(h('p', {class: 'crumb'}, h('a', {href: route('fleet')}, 'Fleet')), heading, state, missing, content);
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
      refresh(missing, h('div', {class: 'empty'}, h('p', {}, e.message),
        h('p', {}, 'It will be here when it polls, or is assigned an update.')));
      return;
    }
    if (known === null) {
      version.value = board.app_version ?? board.replaces_version ?? '';
      file.value = board.update_file_path ?? '';
    }
    known = board;
    missing.replaceChildren();
    content.hidden = false;
    show(board);
  }

  function show(board) {
    refresh(state, badge(board.state), board.clone ? h('span', {class: 'badge warn'}, icon('warning'), 'clone') : null,
      board.since ? h('span', {class: 'none'}, 'since ', brief(board.since)) : null, h('p', {class: 'evidence'}, localised(sentence(board.evidence))));
    const fact = (name, ...value) => h('div', {}, h('dt', {}, name), h('dd', {}, value));
    const none = text => h('span', {class: 'none'}, text);
    refresh(facts,
      fact('Runs version', board.app_version === null ? none('none reported') : [h('span', {class: 'version'}, board.app_version),
        h('span', {class: 'exact'}, 'since ', brief(board.app_version_since))]),
      fact('Last seen', both(board.last_seen)),
      fact('First seen', both(board.first_seen)),
      fact('Polls', plural(board.polls, 'poll'), board.usual_gap_seconds === null ? null : h('span', {class: 'exact'}, `usually every ${duration(board.usual_gap_seconds)}`)),
      fact('Address', board.remote_addr ?? none('unknown')),
      fact('Last answer', board.answer === null ? none('none yet') : [ANSWERS[board.answer] ?? board.answer,
        board.answer_since ? h('span', {class: 'exact'}, 'since ', brief(board.answer_since)) : null]),
      fact('Assigned', board.update_file_path === null ? none('nothing') : [
        h('a', {class: 'path', href: route('fleet', {file: board.update_file_path})}, board.update_file_path),
        h('span', {class: 'exact'}, 'replaces version ', h('span', {class: 'version'}, board.replaces_version),
          board.assigned_at ? [', ', brief(board.assigned_at)] : null)]),
      fact('Offers', board.offered_file === null ? none('none yet') : [`${plural(board.offers, 'time')} `,
        h('span', {class: 'path'}, board.offered_file), h('span', {class: 'exact'}, 'last ', brief(board.offered_last))]));
    refresh(answers, board.next_poll.length === 0 ? h('tr', {}, h('td', {colspan: '3'}, 'Nothing: no board can poll with such an id.')) : board.next_poll.map(next => h('tr', {},
      h('td', {}, next.app_version === null ? 'any other version' : h('span', {class: 'version'}, next.app_version)),
      h('td', {}, h('span', {class: `badge ${next.status === 200 ? 'busy' : next.status === 404 ? 'warn' : 'quiet'}`}, String(next.status)),
        ' ', ANSWERS[next.answer] ?? next.answer),
      h('td', {}, localised(sentence(next.reason))))));
    refresh(not, (board.offer?.not ?? []).map(one => h('li', {}, 'Not by rollout ', h('a', {class: 'id', href: route(`rollouts/${encodeURIComponent(one.rollout)}`)}, one.rollout), ': ', localised(said(one.why)))));
    refresh(history, board.history.length === 0 ? h('li', {}, 'Nothing yet.') : board.history.map(event => h('li', {class: event.user ? 'by-user' : 'by-poll'},
      h('p', {class: 'timeline-what'}, h('strong', {}, sentence(EVENTS[event.event] ?? event.event).slice(0, -1)),
        event.before === null && event.after === null ? null : [': ', event.before === null ? null : [h('span', {class: 'value'}, event.before), event.after === null ? null : ' \u2192 '],
          event.after === null ? null : h('span', {class: 'value'}, event.after)]),
      h('p', {class: 'exact'}, exact(event.at), ' \u00b7 ', event.user ? `by ${event.user} from ` : 'told by its poll from ', event.remote_addr))));
    refresh(acts,
      h('p', {class: 'hint'}, 'Withdraw ends the offer. Forget deletes what its polls told, as for a retired board.'),
      h('div', {class: 'buttons'},
        h('button', {type: 'button', id: 'withdraw', disabled: board.update_file_path === null}, 'Withdraw the update\u2026'),
        h('button', {type: 'button', id: 'forget', disabled: board.last_seen === null}, 'Forget the board\u2026')));
  }

  acts.addEventListener('click', event => {
    if (event.target.id === 'withdraw') {
      withdraw();
    } else if (event.target.id === 'forget') {
      forget();
    }
  });

  async function assign(isForced) {
    put(verdict, h('p', {class: 'loading'}, 'Assigning\u2026'));
    try {
      const answer = await request('PUT', `devices/${segment(id)}`, {
        query: {force: isForced ? 'true' : ''}, body: csv([[id, version.value, file.value]])});
      const [told, ...warned] = (await answer.text()).trim().split('\n');
      put(verdict, note('good', h('p', {}, sentence(told))), warnings(warned.map(warning => warning.replace(/^warning: /, ''))));
      refreshing.run();
    } catch (e) {
      if (!(e instanceof Problem)) {
        throw e;
      }
      put(verdict, note('bad', h('p', {}, e.message), e.status === 409
        ? h('button', {type: 'button', onclick: () => assign(true)}, 'Assign it anyway') : null));
    }
  }

  async function act(method, path, done) {
    try {
      await request(method, path);
      toast(done);
    } catch (e) {
      if (!(e instanceof Problem)) {
        throw e;
      }
      toast(e.message, 'bad');
    }
    refreshing.run();
  }

  async function withdraw() {
    const isWanted = await confirm('Withdraw the update?', [
      h('p', {}, 'Board ', h('b', {}, idText(id)), ' will be offered nothing any more, whatever it reports. If it is downloading right now, it goes on.'),
      h('p', {}, 'Its assignment (', h('span', {class: 'path'}, known.update_file_path), ' replaces version ', h('span', {class: 'version'}, known.replaces_version),
        ') is deleted. What its polls told stays.')], 'Withdraw');
    if (isWanted) {
      await act('DELETE', `devices/${segment(id)}`, `Board ${idText(id)} is offered nothing any more.`);
    }
  }

  async function forget() {
    const isWanted = await confirm('Forget the board?', [
      h('p', {}, 'All that the polls of board ', h('b', {}, idText(id)), ' have told is deleted: version, last seen, history. This can\u2019t be undone.'),
      h('p', {}, known.update_file_path === null ? 'If it polls again, it is known again.'
        : 'Its assignment stays: if it polls again, it is offered its update as before.')], 'Forget');
    if (isWanted) {
      known = null;
      await act('DELETE', `fleet/${segment(id)}`, `Board ${idText(id)} is forgotten.`);
    }
  }

  const refreshing = live(load);
  refreshing.run();
  json('files').then(list => {
    files = list;
    put(choices, files.map(one => h('option', {value: one.path}, [one.project, one.version, one.chip].filter(Boolean).join(' '))));
  }).catch(trouble);
  return {close: refreshing.close};
}
