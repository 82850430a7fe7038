// SPDX-License-Identifier: MIT
//
// Where reports go, and what became of each.

import {api} from './api.js';
import {deliveriesSection} from './deliveries.js';
import {el} from './dom.js';
import {when} from './format.js';
import {endpointOf, endpointsOf} from './forms.js';
import {confirm, Notice, run} from './notice.js';
import {repeat} from './repeat.js';
import {LiveTable} from './rows.js';

const columns = [
  { title: 'Label' },
  { title: 'URL', class: 'long' },
  { title: 'State' },
  { title: 'Last delivery' },
  { title: 'Change', class: 'doing' },
];

/** A secret is shown once, where it was made, until the view is left. */
function secretBox(place, label, secret) {
  const notice = new Notice();
  const text = el('code', { class: 'secret', tabindex: '-1' }, secret);
  const copy = el('button', { type: 'button' }, 'Copy');
  copy.addEventListener(
      'click',
      () => run(copy, notice, async () => {
        if (!navigator.clipboard)
          throw new Error('This browser copies only on https and localhost: mark it and copy it by hand.');
        await navigator.clipboard.writeText(secret);
        return 'Copied.';
      }));
  place.replaceChildren(
      el('section', { class: 'once', 'aria-labelledby': 'secret-title' },
         el('h3', { id: 'secret-title' }, `The secret of ${label}`),
         el('p', {}, 'It is shown this once. Reports are signed with it.'),
         el('p', { class: 'line' }, text, copy), notice.node));
  text.focus();
}

export function endpointsView(root, _id, signal) {
  const table = new LiveTable('Endpoints', columns);
  const empty =
      el('p', { class: 'empty', hidden: true }, 'There is none: reports are kept, and sent nowhere.');
  const notice = new Notice();
  const secret = el('div', { 'aria-live': 'polite' });

  // A button of an endpoint's row.
  const button = (endpoint, text, work) => {
    const node =
        el('button', { type: 'button', class: 'small', 'aria-label': `${text} ${endpoint.label}` }, text);
    const change = async () => {
      const told = await work(endpoint);
      await load();
      return told;
    };
    node.addEventListener('click', () => run(node, notice, change));
    return node;
  };
  async function toggle({ id, label: name, isEnabled }) {
    await api.changeEndpoint(id, { enabled: !isEnabled });
    return `${name} is ${isEnabled ? 'disabled' : 'enabled'}.`;
  }
  async function rotate({ id, label: name }) {
    if (!await confirm(`Give ${name} a new secret?`, 'Rotate it')) return undefined;
    secretBox(secret, name, endpointOf(await api.rotateSecret(id)).secret);
    return `${name} has a new secret.`;
  }
  async function remove({ id, label: name }) {
    if (!await confirm(`Remove ${name}, with what was not delivered to it?`, 'Remove it')) return undefined;
    await api.removeEndpoint(id);
    return `${name} is removed.`;
  }

  function rowOf(endpoint) {
    const state = endpoint.isEnabled ? 'enabled' : 'disabled';
    const badge = () => el('span', { class: `badge ${state}` }, state);
    const buttons = () => [
      button(endpoint, endpoint.isEnabled ? 'Disable' : 'Enable', toggle),
      button(endpoint, 'Rotate secret', rotate),
      button(endpoint, 'Remove', remove),
    ];
    const last = endpoint.last === null ? 'none yet' : `${when(endpoint.last)} ${endpoint.lastStatus}`;
    return {
      key: endpoint.id,
      cells: [
        endpoint.label, endpoint.url, { key: state, make: badge }, last, { key: state, make: buttons }
      ]
    };
  }

  async function load() {
    const endpoints = endpointsOf(await api.endpoints(signal));
    table.update(endpoints.map(rowOf));
    table.node.hidden = endpoints.length === 0;
    empty.hidden = endpoints.length > 0;
  }

  const label = el('input', {
    id: 'label',
    autocomplete: 'off',
    spellcheck: 'false',
    'aria-describedby': 'label-hint',
    maxlength: 31
  });
  const url = el('input', { id: 'url', type: 'url', autocomplete: 'off', spellcheck: 'false' });
  const added = new Notice();
  const add = el('button', { type: 'submit', class: 'main' }, 'Add');
  const form =
      el('form', {
        class: 'add',
        novalidate: true,
        onsubmit: (event) => {
          event.preventDefault();
          run(add, added, async () => {
            const made = endpointOf(await api.addEndpoint(label.value.trim(), url.value.trim()));
            secretBox(secret, made.label, made.secret);
            label.value = '';
            url.value = '';
            await load();
            return `${made.label} is added.`;
          });
        }
      },
         el('h2', {}, 'Add an endpoint'),
         el('div', { class: 'row' },
            el('p', { class: 'field' },
               el('label', { for: 'label' }, 'Label'),
               label, el('small', { id: 'label-hint' }, 'a–z, 0–9 and hyphens, up to 31')),
            el('p', { class: 'field wide' },
               el('label', { for: 'url' }, 'URL'),
               url, el('small', {}, 'https only')),
            el('p', {}, add)),
         added.node);

  table.node.hidden = true;
  root.append(
      el('header', {}, el('h1', {}, 'Endpoints'),
         el('p', { class: 'about' }, 'Each report is sent to all that are enabled. There may be five.')),
      notice.node, table.node, empty, secret, form, deliveriesSection(signal));
  repeat(5000, signal, async () => {
    try {
      await load();
    } catch (error) {
      if (!signal.aborted) notice.fail(error);
    }
  });
  return 'Endpoints';
}
