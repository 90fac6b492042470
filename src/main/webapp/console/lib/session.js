// Who looks at which server, and what he may do. Asked once; the node that answers may change.
import {Problem, json} from './api.js';
import {byId, h, put} from './dom.js';
import {help} from './keys.js';

let session = null;

/** Whether the reader may change anything; while that isn't known, yes: the server has the last word. */
export function isAdmin() {
  return session === null || session.roles.includes('fuota-admin');
}

/** The certificate that boards are to trust, as PEM; null where the server doesn't tell it. */
export function certificate() {
  return session?.certificate ?? null;
}

export async function open() {
  byId('keys').addEventListener('click', help);
  try {
    session = await json('session');
  } catch (e) {
    if (!(e instanceof Problem)) {
      throw e;
    }
    // What is wrong then is told by the page that is shown.
    return;
  }
  document.body.classList.toggle('may-look-only', !isAdmin());
  put(byId('who'),
    h('span', {}, session.server), h('span', {class: 'of-server'}, `Fuota ${session.version ?? 'of an unknown version'}`), h('span', {class: 'of-server'}, `node ${session.node}`),
    h('span', {}, session.user, isAdmin() ? null : ' (may look only)'),
    h('a', {href: 'console/logout', id: 'log-out'}, 'Log out'));
}
