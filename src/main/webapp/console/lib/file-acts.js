// What can be done with an update file: withdraw it, or delete it where nobody needs it.
import {Problem, filePath, request} from './api.js';
import {confirm, dialogue} from './dialog.js';
import {h, put} from './dom.js';
import {rolloutLink} from './rollout-parts.js';
import {toast} from './ui.js';
import {withdrawFromAll} from './withdraw.js';
import {plural, route, size} from './words.js';

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast('The SHA-256 is copied.');
  } catch {
    toast(`This browser doesn\u2019t let it be copied. It is ${text}`, 'bad');
  }
}

export async function withdraw(file, told) {
  put(told, await withdrawFromAll(file.path));
}

/** Says who needs it, where somebody does; else asks, and deletes it. */
export async function remove(file, rollouts, told) {
  const close = event => event.target.closest('dialog').close();
  if (file.devices > 0 || rollouts.length > 0) {
    const chosen = await dialogue('It is in use', [
      file.devices > 0 ? h('p', {}, h('span', {class: 'path'}, file.path), ` is assigned to ${plural(file.devices, 'board')}, and the server deletes no file that is. Assign them another file, or withdraw it, first. `,
        h('a', {href: route('fleet', {file: file.path}), onclick: close}, 'Show these boards')) : null,
      rollouts.length > 0 ? h('p', {onclick: close}, 'Rollouts that aren\u2019t stopped offer it: ', rollouts.map((one, i) => [i ? ', ' : '', rolloutLink(one.name)]), '. Stop them first.') : null],
    [{text: 'Close', value: '', isFirst: true}, ...file.devices > 0 ? [{text: 'Withdraw from all boards\u2026', value: 'withdraw'}] : []]);
    if (chosen === 'withdraw') {
      await withdraw(file, told);
    }
    return;
  }
  const isWanted = await confirm('Delete the update file?', [
    h('p', {}, h('span', {class: 'path'}, file.path), ` (${size(file.size)}) is deleted from the server\u2019s disk. No board is assigned it; a board that is downloading it goes on to its end.`),
    h('p', {}, 'This can\u2019t be undone.')], 'Delete');
  if (!isWanted) {
    return;
  }
  try {
    await request('DELETE', filePath(file.path), {headers: {'If-Match': `"${file.sha256}"`}});
    toast(`${file.path} is deleted.`);
  } catch (e) {
    if (!(e instanceof Problem)) {
      throw e;
    }
    toast(e.message, 'bad');
  }
}
