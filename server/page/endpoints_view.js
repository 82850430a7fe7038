// SPDX-License-Identifier: MIT
//
// Where reports go, and what became of each.

import { api } from './api.js';
import { deliveriesSection } from './deliveries.js';
import { el } from './dom.js';
import { endpointOf, endpointsOf } from './forms.js';
import { when } from './format.js';
import { confirm, Notice, run } from './notice.js';
import { repeat } from './repeat.js';
import { LiveTable } from './rows.js';

const columns = [
  { title: 'Label' }, { title: 'URL', class: 'long' }, { title: 'State' },
  { title: 'Last delivery' }, { title: 'Change', class: 'doing' },
];

/** A secret is shown once, where it was made, until the view is left. */
function secretBox(place, label, secret) {
  const notice = new Notice();
  const text = el('code', { class: 'secret', tabindex: '-1' }, secret);
  const copy = el('button', { type: 'button' }, 'Copy');
  copy.addEventListener('click', () => run(copy, notice, async () => {
    if (!navigator.clipboard) throw new Error('This browser copies only on https and localhost: mark it and copy it by hand.');
    await navigator.clipboard.writeText(secret);
    return 'Copied.';
  }));
  place.replaceChildren(el('section', { class: 'once', 'aria-labelledby': 'secret-title' },
    el('h3', { id: 'secret-title' }, `The secret of ${label}`),
    el('p', {}, 'It is shown this once. Reports are signed with it.'),
    el('p', { class: 'line' }, text, copy), notice.node));
  text.focus();
}

export function endpointsView(root, _id, signal) {
  const table = new LiveTable('Endpoints', columns);
  const empty = el('p', { class: 'empty', hidden: true }, 'There is none: reports are kept, and sent nowhere.');
  const notice = new Notice();
  const secret = el('div', { 'aria-live': 'polite' });

  const change = (endpoint, text, work) => {
    const button = el('button', { type: 'button', class: 'small', 'aria-label': `${text} ${endpoint.label}` }, text);
    button.addEventListener('click', () => run(button, notice, async () => {
      const told = await work();
      await load();
      return told;
    }));
    return button;
  };
  const rowOf = (endpoint) => ({ key: endpoint.id, cells: [
    endpoint.label,
    endpoint.url,
    { key: String(endpoint.isEnabled), make: () => el('span', { class: `badge ${endpoint.isEnabled ? 'in_progress' : 'ended'}` }, endpoint.isEnabled ? 'enabled' : 'disabled') },
    endpoint.last === null ? 'none yet' : `${when(endpoint.last)} ${endpoint.lastStatus}`,
    { key: String(endpoint.isEnabled), make: () => [
      change(endpoint, endpoint.isEnabled ? 'Disable' : 'Enable', async () => {
        await api.changeEndpoint(endpoint.id, { enabled: !endpoint.isEnabled });
        return `${endpoint.label} is ${endpoint.isEnabled ? 'disabled' : 'enabled'}.`;
      }),
      change(endpoint, 'Rotate secret', async () => {
        if (!await confirm(`Give ${endpoint.label} a new secret? The old one is no more from then on.`, 'Rotate it')) return undefined;
        secretBox(secret, endpoint.label, endpointOf(await api.rotateSecret(endpoint.id)).secret);
        return `${endpoint.label} has a new secret.`;
      }),
      change(endpoint, 'Remove', async () => {
        if (!await confirm(`Remove ${endpoint.label}? What was not delivered to it is not delivered any more.`, 'Remove it')) return undefined;
        await api.removeEndpoint(endpoint.id);
        return `${endpoint.label} is removed.`;
      }),
    ] },
  ] });

  async function load() {
    const endpoints = endpointsOf(await api.endpoints(signal));
    table.update(endpoints.map(rowOf));
    table.node.hidden = endpoints.length === 0;
    empty.hidden = endpoints.length > 0;
  }

  const label = el('input', { id: 'label', autocomplete: 'off', spellcheck: 'false', 'aria-describedby': 'label-hint', maxlength: 31 });
  const url = el('input', { id: 'url', type: 'url', autocomplete: 'off', spellcheck: 'false' });
  const added = new Notice();
  const add = el('button', { type: 'submit', class: 'main' }, 'Add');
  const form = el('form', { class: 'add', novalidate: true, onsubmit: (event) => {
    event.preventDefault();
    run(add, added, async () => {
      const made = endpointOf(await api.addEndpoint(label.value.trim(), url.value.trim()));
      secretBox(secret, made.label, made.secret);
      label.value = '';
      url.value = '';
      await load();
      return `${made.label} is added.`;
    });
  } },
  el('h2', {}, 'Add an endpoint'),
  el('div', { class: 'row' },
    el('p', { class: 'field' }, el('label', { for: 'label' }, 'Label'), label, el('small', { id: 'label-hint' }, 'a–z, 0–9 and hyphens, up to 31')),
    el('p', { class: 'field wide' }, el('label', { for: 'url' }, 'URL'), url, el('small', {}, 'https only')),
    el('p', {}, add)), added.node);

  table.node.hidden = true;
  root.append(el('header', {}, el('h1', {}, 'Endpoints'), el('p', { class: 'about' }, 'Each report is sent to all that are enabled. There may be five.')),
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
