// What can be done with one board: assign, withdraw, forget.
import {Problem, csv, json, request, segment} from './api.js';
import {confirm} from './dialog.js';
import {h, put} from './dom.js';
import {trouble} from './live.js';
import {note, toast, warnings} from './ui.js';
import {idText, sentence} from './words.js';

/** A form that assigns a file to one board; filled in from what is known of it, once. */
export function assignForm(id, changed) {
  const file = h('input', {id: 'assign-file', list: 'assign-files', required: true, autocomplete: 'off', spellcheck: 'false'});
  const choices = h('datalist', {id: 'assign-files'});
  const version = h('input', {id: 'assign-version', required: true, autocomplete: 'off', spellcheck: 'false'});
  const verdict = h('div', {id: 'assign-verdict', role: 'status'});
  const element = h('form', {id: 'assign', onsubmit: event => {
    event.preventDefault();
    assign(false);
  }},
  h('div', {class: 'field'}, h('label', {for: 'assign-file'}, 'Update file'), file, choices),
  h('div', {class: 'field'}, h('label', {for: 'assign-version'}, 'Version to be replaced'), version,
    h('p', {class: 'hint'}, 'Only while the board reports exactly this version it is offered the file.')),
  h('button', {type: 'submit', class: 'primary'}, 'Assign'), verdict);

  async function assign(isForced) {
    put(verdict, h('p', {class: 'loading'}, 'Assigning\u2026'));
    try {
      const answer = await request('PUT', `devices/${segment(id)}`, {
        query: {force: isForced ? 'true' : ''}, body: csv([[id, version.value, file.value]])});
      const [told, ...warned] = (await answer.text()).trim().split('\n');
      put(verdict, note('good', h('p', {}, sentence(told))), warnings(warned.map(warning => warning.replace(/^warning: /, ''))));
      changed();
    } catch (e) {
      if (!(e instanceof Problem)) {
        throw e;
      }
      put(verdict, note('bad', h('p', {}, e.message), e.status === 409
        ? h('button', {type: 'button', onclick: () => assign(true)}, 'Assign it anyway') : null));
    }
  }

  json('files').then(list => put(choices, list.map(one => h('option', {value: one.path}, [one.project, one.version, one.chip].filter(Boolean).join(' '))))).catch(trouble);
  return {element, fill(board) {
    version.value = board.app_version ?? board.replaces_version ?? '';
    file.value = board.update_file_path ?? '';
  }};
}

async function act(path, done) {
  try {
    await request('DELETE', path);
    toast(done);
  } catch (e) {
    if (!(e instanceof Problem)) {
      throw e;
    }
    toast(e.message, 'bad');
  }
}

export async function withdraw(id, board) {
  const isWanted = await confirm('Withdraw the update?', [
    h('p', {}, 'Board ', h('b', {}, idText(id)), ' will be offered nothing by hand any more, whatever it reports. If it is downloading right now, it goes on.'),
    h('p', {}, 'Its assignment (', h('span', {class: 'path'}, board.update_file_path), ' replaces version ', h('span', {class: 'version'}, board.replaces_version),
      ') is deleted. What its polls told stays.')], 'Withdraw');
  if (isWanted) {
    await act(`devices/${segment(id)}`, `Board ${idText(id)} is offered nothing any more.`);
  }
}

export async function forget(id, board) {
  const isWanted = await confirm('Forget the board?', [
    h('p', {}, 'All that the polls of board ', h('b', {}, idText(id)), ' have told is deleted: version, last seen, history. This can\u2019t be undone.'),
    h('p', {}, board.update_file_path === null ? 'If it polls again, it is known again.'
      : 'Its assignment stays: if it polls again, it is offered its update as before.')], 'Forget');
  if (isWanted) {
    await act(`fleet/${segment(id)}`, `Board ${idText(id)} is forgotten.`);
  }
  return isWanted;
}
