// SPDX-License-Identifier: MIT
//
// Calls now, and calls before.

import {api} from './api.js';
import {el} from './dom.js';
import {duration, lineWords, party, plain, when} from './format.js';
import {callsOf, concurrencyOf, isOver, lengthOf, stateOf} from './forms.js';
import {Notice} from './notice.js';
import {repeat} from './repeat.js';
import {LiveTable} from './rows.js';

const refresh = 2000;
const pageSize = 25;
const columns = [
  { title: 'From' },
  { title: 'To' },
  { title: 'Agent' },
  { title: 'State' },
  { title: 'Since', class: 'number' },
  { title: 'Length', class: 'number' },
  { title: 'Jitter', class: 'number line-figure' },
  { title: 'Lost', class: 'number line-figure' },
];
const endings = ['completed', 'failed', 'no_answer', 'busy', 'canceled'];

/** A state as a word on its colour. */
export function stateBadge(state) { return el('span', { class: `badge ${state}` }, plain(state)); }

function cellsOf(call) {
  const [from, to] = [party(call.from), party(call.to)];
  const state = stateOf(call);
  const { jitter, lost } = lineWords(call.line);
  return [
    {
      key: `${call.id} ${from} ${to}`,
      make: () =>
          el('a', {
            href: `#/calls/${encodeURIComponent(call.id)}`,
            title: `${call.from} to ${call.to}`,
            'aria-label': `${from} to ${to}`,
          },
             from)
    },
    to,
    call.agent || '–',
    { key: state, make: () => stateBadge(state) },
    call.began === null ? '–' : when(call.began),
    duration(lengthOf(call)),
    jitter,
    lost,
  ];
}

const rowOf = (call) => ({ key: call.session ?? call.id, cells: cellsOf(call) });

function nowSection(signal) {
  const count = el('strong', {}, '–');
  const capacity = el('span', {}, '');
  const meter = el('meter', { min: 0, max: 1, value: 0, 'aria-label': 'Calls of those that may be' });
  const table = new LiveTable('Calls now', columns);
  const empty = el('p', { class: 'empty' }, 'No call at the moment.');
  const notice = new Notice();
  repeat(refresh, signal, async () => {
    try {
      const [counts, calls] =
          await Promise.all([api.concurrency(signal), api.calls({ state: 'live', limit: 100 }, signal)]);
      const { active, most } = concurrencyOf(counts);
      count.textContent = String(active);
      capacity.textContent = most > 0 ? ` of ${most}` : '';
      meter.hidden = most === 0;
      meter.max = most || 1;
      meter.value = active;
      const live = callsOf(calls).filter((call) => !isOver(call));
      table.update(live.map(rowOf));
      table.node.hidden = live.length === 0;
      empty.hidden = live.length > 0;
      notice.clear();
    } catch (error) {
      if (!signal.aborted) notice.fail(error);
    }
  });
  return el(
      'section', { 'aria-labelledby': 'now-title' },
      el('header', { class: 'head' }, el('h2', { id: 'now-title' }, 'Now'),
         el('p', { class: 'counter' }, count, capacity, meter)),
      notice.node, table.node, empty);
}

function beforeSection(signal) {
  const pages = [undefined]; // What each page begins before.
  const notice = new Notice();
  const table = new LiveTable('Calls before, the latest first', columns);
  const empty = el('p', { class: 'empty' }, 'None.');
  const newer = el('button', { type: 'button' }, 'Newer');
  const older = el('button', { type: 'button' }, 'Older');
  const filter =
      el('select', { id: 'ending' }, el('option', { value: '' }, 'all'),
         endings.map((ending) => el('option', { value: ending }, plain(ending))));
  let asked = 0;

  async function load(focused) {
    const turn = ++asked;
    try {
      const calls =
          callsOf(await api.calls(
                      { state: filter.value || 'ended', limit: pageSize + 1, before: pages.at(-1) }, signal))
              .filter(isOver);
      if (turn !== asked) return;
      const shown = calls.slice(0, pageSize);
      table.update(shown.map(rowOf));
      table.node.hidden = shown.length === 0;
      table.node.classList.toggle('without-line', shown.every((call) => call.line === null));
      empty.hidden = shown.length > 0;
      older.next = calls.length > pageSize ? new Date(shown.at(-1).began).toISOString() : null;
      older.disabled = older.next === null;
      newer.disabled = pages.length === 1;
      notice.clear();
      if (focused?.disabled) (focused === older ? newer : older).focus();
    } catch (error) {
      if (!signal.aborted && turn === asked) notice.fail(error);
    }
  }
  filter.addEventListener('change', () => {
    pages.length = 1;
    load();
  });
  older.addEventListener('click', () => {
    pages.push(older.next);
    load(older);
  });
  newer.addEventListener('click', () => {
    pages.pop();
    load(newer);
  });
  repeat(5 * refresh, signal, async () => {
    if (pages.length === 1) await load();
  });
  return el(
      'section', { 'aria-labelledby': 'before-title' },
      el('header', { class: 'head' }, el('h2', { id: 'before-title' }, 'Before'),
         el('p', { class: 'tools' },
            el('label', { for: 'ending' }, 'Ended as'),
            filter)),
      notice.node, table.node, empty, el('p', { class: 'buttons pages' }, newer, older));
}

export function callsView(root, _id, signal) {
  root.append(el('h1', {}, 'Calls'), nowSection(signal), beforeSection(signal));
  return 'Calls';
}
