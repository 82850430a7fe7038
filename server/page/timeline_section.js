// SPDX-License-Identifier: MIT
//
// The picture of a call with what selects its part, what its signs mean, and the same as a table.

import {el, show, svg, table} from './dom.js';
import {moment} from './format.js';
import {isOver} from './forms.js';
import {drawTimeline, evidenceMarks} from './timeline.js';
import {timelineRows, timelineSummary} from './timeline_table.js';

const parts = [['whole', 'whole call'], ['120', '2 minutes'], ['30', '30 seconds'], ['8', '8 seconds']];
const mostRows = 1000;

function legend() {
  const sign = (make) =>
      svg('svg', { viewBox: '0 0 16 14', width: 16, height: 14, 'aria-hidden': 'true' }, make);
  return el(
      'p', { class: 'legend' },
      el('span', {}, sign(svg('rect', { class: 'swatch sent', x: 1, y: 5, width: 14, height: 4, rx: 1 })),
         'key sent'),
      el('span', {},
         sign(svg('rect', { class: 'swatch ahead', x: 1.5, y: 5.5, width: 13, height: 3, rx: 1 })),
         'to be sent'),
      el('span', {}, sign(evidenceMarks.reacted(8, 7)), 'the line reacted'),
      el('span', {}, sign(evidenceMarks.echoed(8, 7)), 'it came back as an echo'),
      el('span', {}, sign(svg('rect', { class: 'swatch heard', x: 1, y: 5, width: 14, height: 4, rx: 1 })),
         'key heard, with its dB above the rest'));
}

export class TimelineSection {
  #story;
  #picture = svg('svg', { class: 'timeline', role: 'img', 'aria-label': 'Timeline' });
  #frame = el('div', { class: 'frame' }, this.#picture);
  #part = el('select', { id: 'part' }, parts.map(([value, text]) => el('option', { value }, text)));
  #position = el('input', { id: 'position', type: 'range', min: 0, max: 1, step: 'any', value: 1 });
  #positionField = el(
      'span', { class: 'position', hidden: true }, el('label', { for: 'position' }, 'Until'), this.#position);
  #rows = el('div', {});
  #details = el('details', {}, el('summary', {}, 'The timeline as a table'), this.#rows);
  #isLive = true;
  #begin = null; // Where on this machine's clock the call's clock is 0, in ms.
  #isAtEnd = true;

  constructor(story) {
    this.#story = story;
    this.#part.addEventListener('change', () => this.draw());
    this.#position.addEventListener('input', () => {
      this.#isAtEnd = Number(this.#position.value) >= Number(this.#position.max) - 0.05;
      this.draw();
    });
    this.#details.addEventListener('toggle', () => this.#drawTable());
    new ResizeObserver(() => this.draw()).observe(this.#frame);
    this.node =
        el('section', { class: 'panel', 'aria-labelledby': 'timeline-title' },
           el('header', { class: 'head' }, el('h2', { id: 'timeline-title' }, 'Timeline'),
              el('p', { class: 'tools' }, this.#positionField,
                 el('label', { for: 'part' }, 'Show'),
                 this.#part)),
           this.#frame, legend(), this.#details);
  }

  /** Whether the call goes on. */
  setCall(call) {
    const isLive = !isOver(call);
    if (this.#isLive === isLive) return;
    this.#isLive = isLive;
    this.draw();
  }

  /** Events that have just come: none comes before it happened, so the latest tells the call's clock. */
  heard(items) {
    for (const { at } of items) {
      const begin = Date.now() - at * 1000;
      if (this.#begin === null || begin < this.#begin) this.#begin = begin;
    }
  }

  get #now() {
    if (!this.#isLive || this.#begin === null) return this.#story.end;
    return Math.max(this.#story.end, (Date.now() - this.#begin) / 1000);
  }

  draw() {
    const width = this.#frame.clientWidth;
    if (width === 0) return;
    const now = this.#now;
    const whole = Math.max(2, now * (this.#isLive ? 1.04 : 1.01));
    const length = this.#part.value === 'whole' ? whole : Number(this.#part.value);
    const isPart = length < whole;
    this.#positionField.hidden = !isPart;
    let to = whole;
    if (isPart) {
      this.#position.min = length;
      this.#position.max = whole;
      if (this.#isAtEnd) this.#position.value = whole;
      to = Number(this.#position.value);
      this.#position.setAttribute('aria-valuetext', `second ${moment(to)}`);
    }
    drawTimeline(
        this.#picture, this.#story, { from: isPart ? to - length : 0, to, now, width, isLive: this.#isLive });
    this.#picture.setAttribute('aria-label', timelineSummary(this.#story));
    this.#drawTable();
  }

  #drawTable() {
    if (!this.#details.open) return;
    show(
        this.#rows, String(this.#story.events.length),
        () => table(
            `What the picture shows, in the order of time; ${mostRows} rows at most, the last ones`,
            ['Leg', { text: 'From, s', class: 'number' }, { text: 'To, s', class: 'number' }, 'What'],
            el('tbody', {},
               timelineRows(this.#story)
                   .slice(-mostRows)
                   .map(
                       (row) => el(
                           'tr', {}, el('td', {}, row.leg), el('td', { class: 'number' }, moment(row.from)),
                           el('td', { class: 'number' }, row.to === null ? 'now' : moment(row.to)),
                           el('td', {}, row.what))))));
  }
}
