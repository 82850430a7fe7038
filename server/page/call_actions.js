// SPDX-License-Identifier: MIT
//
// What can be asked of a live call: a transfer, keys, its end. Each answer stands beside its button.

import {api} from './api.js';
import {el} from './dom.js';
import {confirm, Notice, run} from './notice.js';

const pad = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];

/** A function call, as an agent would write it. */
function functionCall(name, args) {
  return {
    type: 'based_call',
    id: `page-${crypto.getRandomValues(new Uint32Array(2)).join('')}`,
    name,
    args
  };
}

// A field for a number or keys, taken as they are typed; `hint` is the id of what explains it.
function dialInput(id, hint) {
  return el('input', {
    id,
    autocomplete: 'off',
    spellcheck: 'false',
    inputmode: 'tel',
    maxlength: 256,
    'aria-describedby': hint
  });
}

function transferForm(call) {
  const notice = new Notice();
  const to = dialInput('transfer-to', 'transfer-hint');
  const button = el('button', { type: 'submit' }, 'Transfer');
  return el(
      'form', {
        novalidate: true,
        onsubmit: (event) => {
          event.preventDefault();
          run(button, notice, async () => {
            const answer = await api.transfer(call, to.value.trim());
            return `${answer.message ?? 'Accepted'}.`;
          });
        },
      },
      el('h3', {}, 'Transfer'),
      el('p', { class: 'field' },
         el('label', { for: 'transfer-to' }, 'To'),
         el('span', { class: 'line' }, to, button),
         el('small', { id: 'transfer-hint' }, 'E.164, such as +15551234567. Empty: the agent’s own number.')),
      notice.node);
}

function keysForm(call) {
  const notice = new Notice();
  const digits = dialInput('keys', 'keys-hint');
  const isSensitive = el('input', { id: 'sensitive', type: 'checkbox' });
  const button = el('button', { type: 'submit' }, 'Press');
  return el(
      'form', {
        novalidate: true,
        onsubmit: (event) => {
          event.preventDefault();
          run(button, notice, async () => {
            const wanted = digits.value.trim();
            if (wanted === '') throw new Error('Type the keys, such as 1 or 12w3#.');
            await api.callFunction(
                call,
                functionCall('click_ivr', [wanted, ...(isSensitive.checked ? [{ sensitive: true }] : [])]));
            digits.value = '';
            return `Accepted: ${isSensitive.checked ? 'the keys are' : `${wanted} is`} pressed.`;
          });
        },
      },
      el('h3', {}, 'Press keys'),
      el('p', { class: 'field' },
         el('label', { for: 'keys' }, 'Keys'),
         el('span', { class: 'line' }, digits, button),
         el('small', { id: 'keys-hint' }, '0–9, *, #, A–D; w waits half a second.')),
      el('div', { class: 'keypad', role: 'group', 'aria-label': 'Keypad' },
         pad.map(
             (key) =>
                 el('button', {
                   type: 'button',
                   'aria-label': `Add ${{ '*': 'star', '#': 'hash' }[key] ?? key}`,
                   onclick: () => {
                     digits.value += key;
                   }
                 },
                    key))),
      el('p', { class: 'check' }, isSensitive,
         el('label', { for: 'sensitive' }, 'Sensitive: shown and kept as ?')),
      notice.node);
}

function endForm(call) {
  const notice = new Notice();
  const button = el('button', { type: 'button', class: 'danger' }, 'End the call');
  button.addEventListener('click', async () => {
    if (!await confirm('End this call?', 'End the call')) return;
    run(button, notice, async () => {
      await api.end(call);
      return 'The call is ended once what was queued has been played.';
    });
  });
  return el('div', { class: 'end' }, el('h3', {}, 'End'), el('p', {}, button), notice.node);
}

export function callActions(call) {
  const node =
      el('section', { class: 'panel', 'aria-labelledby': 'actions-title' },
         el('h2', { id: 'actions-title' }, 'Ask of the call'),
         el('div', { class: 'actions' }, transferForm(call), keysForm(call), endForm(call)));
  return { node };
}
