// Notes of people about a board. The server keeps who wrote them, and when.
import {Problem, request, segment} from './api.js';
import {confirm} from './dialog.js';
import {h, put, refresh} from './dom.js';
import {isAdmin} from './session.js';
import {exact} from './time.js';
import {lines, note} from './ui.js';

/** Where they are shown, with a field for another; changed is called after each change. */
export function notes(id, changed) {
  const list = h('ul', {class: 'notes', id: 'notes'});
  const text = h('textarea', {id: 'note-text', rows: '2', maxlength: '1000', required: true});
  const verdict = h('div', {role: 'status'});
  const path = `notes/${segment(id)}`;
  const form = h('form', {id: 'note', hidden: !isAdmin(), onsubmit: async event => {
    event.preventDefault();
    if (await send('POST', path, text.value.trim())) {
      text.value = '';
    }
  }}, h('div', {class: 'field'}, h('label', {for: 'note-text'}, 'Another note'), text), h('button', {type: 'submit'}, 'Keep it'), verdict);

  async function send(method, target, body) {
    try {
      await request(method, target, {body, headers: {'Content-Type': 'text/plain;charset=UTF-8'}});
      put(verdict);
      changed();
      return true;
    } catch (e) {
      if (!(e instanceof Problem)) {
        throw e;
      }
      put(verdict, note('bad', h('p', {}, e.message)));
      return false;
    }
  }

  list.addEventListener('click', async event => {
    const number = event.target instanceof Element ? event.target.getAttribute('data-note') : null;
    if (number && await confirm('Delete the note?', h('p', {}, 'The board\u2019s history keeps that there was one.'), 'Delete')) {
      await send('DELETE', `${path}/${number}`);
    }
  });

  return {
    element: h('div', {}, list, form),
    show(all) {
      form.hidden = !isAdmin();
      refresh(list, all.length === 0 ? h('li', {class: 'none'}, 'None yet.') : all.map(one => h('li', {},
        h('p', {class: 'note-text'}, lines(one.text)), h('p', {class: 'exact'}, exact(one.at), ` \u00b7 by ${one.user} `,
          isAdmin() ? h('button', {type: 'button', class: 'link', 'data-note': one.number}, 'Delete') : null))));
    },
  };
}
