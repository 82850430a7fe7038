// SPDX-License-Identifier: MIT
//
// Reports on their way: what became of each, and sending it again.

import {api} from './api.js';
import {el} from './dom.js';
import {plain, when} from './format.js';
import {deliveriesOf} from './forms.js';
import {Notice, run} from './notice.js';
import {repeat} from './repeat.js';
import {LiveTable} from './rows.js';

const columns = [
  { title: 'Call', class: 'long' },
  { title: 'Made', class: 'number' },
  { title: 'Endpoint' },
  { title: 'State' },
  { title: 'Attempts', class: 'number' },
  { title: 'Outcome' },
  { title: 'Again', class: 'doing' },
];

export function deliveriesSection(signal) {
  const table = new LiveTable('Deliveries, the latest first', columns);
  const empty = el('p', { class: 'empty', hidden: true }, 'No report was made yet.');
  const notice = new Notice();

  function again({ call, report }) {
    const label = `Resend the report of ${call}`;
    const button = el('button', { type: 'button', class: 'small', 'aria-label': label }, 'Resend');
    const resend = async () => {
      await api.resend(report);
      await load();
      return 'It is sent again, to every enabled endpoint.';
    };
    button.addEventListener('click', () => run(button, notice, resend));
    return button;
  }
  const rowOf = (delivery) => ({
    key: `${delivery.report} ${delivery.label}`,
    cells: [
      {
        key: delivery.call,
        make: () => el('a', { href: `#/calls/${encodeURIComponent(delivery.call)}` }, delivery.call)
      },
      delivery.made === null ? '–' : when(delivery.made),
      delivery.label || '–',
      {
        key: delivery.state,
        make: () => el('span', { class: `badge ${delivery.state}` }, plain(delivery.state))
      },
      String(delivery.attempts),
      delivery.outcome || '–',
      { key: String(delivery.report), make: () => again(delivery) },
    ]
  });

  async function load() {
    const deliveries = deliveriesOf(await api.deliveries(signal));
    table.update(deliveries.map(rowOf));
    table.node.hidden = deliveries.length === 0;
    empty.hidden = deliveries.length > 0;
  }

  table.node.hidden = true;
  repeat(5000, signal, async () => {
    try {
      await load();
    } catch (error) {
      if (!signal.aborted) notice.fail(error);
    }
  });
  return el(
      'section', { 'aria-labelledby': 'deliveries-title' },
      el('h2', { id: 'deliveries-title' }, 'Deliveries'), notice.node, table.node, empty);
}
