// SPDX-License-Identifier: MIT
//
// All events of a call in words, the latest first, with the lines as they came.

import {el} from './dom.js';
import {isTrouble, wordsOf} from './event_words.js';
import {moment} from './format.js';

const shownAtOnce = 200;

export class EventList {
  #items = [];
  #most = shownAtOnce;
  #body = el('tbody', {});
  #count = el('span', { class: 'count' }, '0');
  #older = el('button', { type: 'button', hidden: true }, 'Show older ones');
  #isRaw = el('input', { id: 'raw', type: 'checkbox' });

  constructor() {
    this.#older.addEventListener('click', () => {
      this.#most += 1000;
      this.#all();
    });
    this.#isRaw.addEventListener('change', () => this.#all());
    this.node =
        el('section', { class: 'panel events', 'aria-labelledby': 'events-title' },
           el('header', { class: 'head' }, el('h2', { id: 'events-title' }, 'Events ', this.#count),
              el('p', { class: 'tools' }, this.#isRaw,
                 el('label', { for: 'raw' }, 'as JSON lines'))),
           el('table', {}, el('caption', { class: 'unseen' }, 'Events, the latest first'),
              el('thead', {},
                 el('tr', {}, el('th', { scope: 'col', class: 'number' }, 's'),
                    el('th', { scope: 'col' }, 'Leg'), el('th', { scope: 'col' }, 'Event'),
                    el('th', { scope: 'col' }, 'What'))),
              this.#body),
           el('p', { class: 'buttons' }, this.#older));
  }

  add(items) {
    for (const item of items) {
      this.#items.push(item);
    }
    this.#body.prepend(...items.slice(-this.#most).reverse().map((item) => this.#row(item)));
    while (this.#body.rows.length > this.#most) this.#body.lastElementChild.remove();
    this.#tell();
  }

  #row({ at, leg, event }) {
    return el(
        'tr', { class: isTrouble(event) ? 'trouble' : null }, el('td', { class: 'number' }, moment(at)),
        el('td', {}, leg), el('td', { class: 'name' }, event.ev),
        el('td', { class: this.#isRaw.checked ? 'raw' : null },
           this.#isRaw.checked ? JSON.stringify(event) : wordsOf(event)));
  }

  #all() {
    this.#body.replaceChildren(...this.#items.slice(-this.#most).reverse().map((item) => this.#row(item)));
    this.#tell();
  }

  #tell() {
    this.#count.textContent = String(this.#items.length);
    this.#older.hidden = this.#items.length <= this.#most;
  }
}
