// Questions to the reader.
import {h} from './dom.js';

export function dialogue(heading, body, buttons) {
  return new Promise(resolve => {
    const title = h('h2', {id: 'dialog-title'}, heading);
    const dialog = h('dialog', {'aria-labelledby': 'dialog-title', onclose: () => {
      dialog.remove();
      resolve(dialog.returnValue);
    }},
    title,
    h('div', {class: 'dialog-body'}, body),
    h('div', {class: 'dialog-buttons'}, buttons.map(button => h('button', {
      type: 'button',
      class: button.kind ?? '',
      autofocus: button.isFirst ?? false,
      disabled: button.isDisabled ?? false,
      'data-value': button.value,
      onclick: () => dialog.close(button.value),
    }, button.text))));
    document.body.append(dialog);
    dialog.returnValue = '';
    dialog.showModal();
  });
}

/**
 * Asks before something is done; what it will do stands in the body. True when the reader wants it. A name given must be typed first.
 *
 * @param {string} [typed]
 */
export async function confirm(heading, body, verb, kind = 'danger', typed) {
  const input = typed === undefined ? null : h('input', {id: 'dialog-name', autocomplete: 'off', spellcheck: 'false', oninput: event => {
    event.target.closest('dialog').querySelector('[data-value=yes]').disabled = event.target.value.trim() !== typed;
  }});
  return await dialogue(heading, [body, input ? h('div', {class: 'field'}, h('label', {for: 'dialog-name'}, 'Type ', h('b', {}, typed), ' to go on'), input) : null], [
    {text: 'Cancel', value: '', isFirst: true},
    {text: verb, value: 'yes', kind, isDisabled: typed !== undefined},
  ]) === 'yes';
}

/**
 * Asks as {@link confirm} does, and for a line of text; null when the reader doesn't want it. A label that is false asks for none.
 *
 * @param {string} [kind]
 * @param {string | false} [label]
 * @param {string} [typed]
 */
export async function ask(heading, body, verb, kind = 'danger', label = 'Why (optional; kept in the audit trail)', typed) {
  const input = h('input', {id: 'dialog-input', maxlength: '500', autocomplete: 'off', spellcheck: 'false'});
  const isWanted = await confirm(heading, [body, label ? h('div', {class: 'field'}, h('label', {for: 'dialog-input'}, label), input) : null], verb, kind, typed);
  return isWanted ? input.value.trim() : null;
}
