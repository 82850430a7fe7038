// SPDX-License-Identifier: MIT

import {api} from './api.js';
import {el} from './dom.js';
import {agentsOf} from './forms.js';
import {Notice} from './notice.js';
import {repeat} from './repeat.js';
import {LiveTable} from './rows.js';

const columns = [
  { title: 'Agent' },
  { title: 'Name' },
  { title: 'Socket', class: 'long' },
  { title: 'Answers' },
  { title: 'May' },
];

function rowOf(agent) {
  const may = [
    agent.transferEnabled === true ? 'transfer' : '', agent.endCallEnabled === false ? '' : 'hang up'
  ].filter(Boolean);
  return {
    key: agent.id,
    cells: [
      { key: agent.id, make: () => el('a', { href: `#/agents/${encodeURIComponent(agent.id)}` }, agent.id) },
      agent.name || '–',
      agent.agentUrl || 'of the configuration',
      (agent.numbers ?? []).join(', ') || '–',
      may.join(', ') || 'neither',
    ]
  };
}

export function agentsView(root, _id, signal) {
  const table = new LiveTable('Agents', columns);
  const notice = new Notice();
  const empty = el('p', { class: 'empty', hidden: true }, 'There is no agent yet.');
  table.node.hidden = true;
  root.append(
      el('header', { class: 'head' }, el('h1', {}, 'Agents'),
         el('p', { class: 'tools' }, el('a', { class: 'button main', href: '#/agents/+' }, 'New agent'))),
      notice.node, table.node, empty);
  repeat(10_000, signal, async () => {
    try {
      const agents = agentsOf(await api.agents(signal));
      table.update(agents.map(rowOf));
      table.node.hidden = agents.length === 0;
      empty.hidden = agents.length > 0;
      notice.clear();
    } catch (error) {
      if (!signal.aborted) notice.fail(error);
    }
  });
  return 'Agents';
}
