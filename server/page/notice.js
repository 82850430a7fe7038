// SPDX-License-Identifier: MIT
//
// What became of something that was asked: beside what asked it, told to screen readers, too.

import {el} from './dom.js';

/** A place for answers. `done(text)`, `fail(error or text)`, `clear()`. */
export class Notice {
  constructor() { this.node = el('p', { class: 'notice', role: 'status' }); }

  #tell(kind, text) {
    this.node.className = `notice ${kind}`;
    this.node.textContent = text;
  }

  done(text) { this.#tell('done', text); }
  fail(error) { this.#tell('fault', error.message ?? String(error)); }
  busy(text) { this.#tell('busy', text); }
  clear() { this.#tell('', ''); }
}

/** Runs `work` with `button` out of use, and tells its end in `notice`: a text, or an error. */
export async function run(button, notice, work) {
  if (button.getAttribute('aria-disabled') === 'true') return;
  // Not `disabled`, which would lose the focus.
  button.setAttribute('aria-disabled', 'true');
  notice.busy('…');
  try {
    const text = await work();
    if (text === undefined)
      notice.clear();
    else
      notice.done(text);
  } catch (error) {
    notice.fail(error);
  } finally {
    button.removeAttribute('aria-disabled');
  }
}

/** Asks before something that cannot be undone. */
export function confirm(question, action) {
  return new Promise((resolve) => {
    let answer = false;
    const dialog =
        el('dialog', { 'aria-labelledby': 'confirm-title' }, el('h2', { id: 'confirm-title' }, question),
           el('p', { class: 'buttons' },
              el('button', {
                type: 'button',
                class: 'danger',
                onclick: () => {
                  answer = true;
                  dialog.close();
                }
              },
                 action),
              el('button', { type: 'button', autofocus: true, onclick: () => dialog.close() }, 'Cancel')));
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(answer);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
