// SPDX-License-Identifier: MIT
//
// A call's events as what can be drawn: for each leg states, words, keys, waits, sounds; and marks that
// concern both. Events of a live call come in one by one; times are seconds on the call's clock.

import {party} from './format.js';

/** A stretch of time on a leg. `to` is null while it lasts. */
function span(kind, from, more = {}) { return { kind, from, to: null, ...more }; }

class Leg {
  constructor() {
    this.states = []; // dialling, ringing, early_media, answered, connected, ended
    this.words = [];  // { from, to, text, state }
    this.sent = [];   // { from, to, digit, state: planned | sent | cut, evidence: [] }
    this.heard = [];  // { from, to, digit, snr }
    this.waits = [];  // { kind: wait | pause | hold, from, to, expired }
    this.sounds = []; // { kind: sound | dial_tone | beep, from, to }
  }

  get state() { return this.states.at(-1)?.kind ?? ''; }

  get isSeen() { return this.states.length + this.words.length + this.sent.length + this.heard.length > 0; }

  enter(state, at) {
    const last = this.states.at(-1);
    if (last?.kind === state || last?.kind === 'ended') return;
    if (last) last.to = at;
    this.states.push(span(state, at));
  }
}

const waitingOps = ['wait', 'silence', 'hold', 'parting'];

export class CallStory {
  constructor(rates = { a: 8000, b: 8000 }) {
    this.rates = rates;
    this.legs = { a: new Leg(), b: new Leg() };
    this.marks = [];  // { at, text, kind }
    this.events = []; // { at, leg, event }
    this.last = 0;    // The latest time in any event.
    this.transferredTo = null;
    this.bridgedAt = null;
    this.isTransferring = false;
    this.#ops = new Map();
  }

  #ops;

  add(event) {
    const leg = event.leg === 'b' ? 'b' : 'a';
    const rate = this.rates[leg];
    const time = (sample) => (Number.isFinite(sample) ? sample / rate : 0);
    const at = time(event.sample);
    const item = { at, leg, event };
    this.events.push(item);
    this.last = Math.max(this.last, at, time(event.ev === 'op.planned' ? 0 : event.end));
    this.#take(event, this.legs[leg], at, time);
    return item;
  }

  /** Seconds on the call's clock until something happens no more. */
  get end() {
    return Math.max(this.last, this.legs.a.states.at(-1)?.from ?? 0, this.legs.b.states.at(-1)?.from ?? 0);
  }

  #mark(at, text, kind = 'event') { this.marks.push({ at, text, kind }); }

  #take(event, leg, at, time) {
    const name = event.leg === 'b' ? 'b' : 'a';
    const key = `${name}/${event.id}`;
    switch (event.ev) {
      case 'leg.changed':
        leg.enter(event.state, at);
        if (event.state === 'answered') this.#mark(at, `${name} answers`);
        if (event.state === 'ended') {
          this.#mark(at, `${name} ends`);
          this.#close(leg, at);
        }
        break;
      case 'intent':
        this.#intent(event, at);
        break;
      case 'action.started':
        if (event.name === 'transfer') this.isTransferring = true;
        break;
      case 'action.failed':
      case 'action.cancelled':
        if (event.name === 'transfer') this.isTransferring = false;
        break;
      case 'op.planned':
        this.#planned(event, leg, key, time);
        break;
      case 'op.started':
        this.#started(event, leg, key, at);
        break;
      case 'op.completed':
      case 'op.failed':
      case 'op.cancelled':
        this.#ended(event, leg, key, time);
        break;
      case 'tone.completed': {
        const tone = this.#tone(leg, key, event);
        tone.from = time(event.start);
        tone.to = time(event.end);
        tone.state = event.cut ? 'cut' : 'sent';
        break;
      }
      case 'tone.evidence':
        this.#tone(leg, key, event).evidence.push(event.step);
        break;
      case 'digit.heard':
        leg.heard.push(
            { from: time(event.start), to: time(event.end), digit: event.digit, snr: event.snr_db });
        break;
      case 'line.heard':
        this.#line(event, leg, time);
        break;
      case 'session.completed':
        this.isTransferring = false;
        this.transferredTo = event.data?.call?.transferred_to ?? null;
        this.#mark(at, event.data?.call?.transferred ? 'report: transferred' : 'report', 'report');
        break;
      default: // It has no place in the picture; the list of events has it.
    }
  }

  #intent(event, at) {
    const { a, b } = this.legs;
    switch (event.do) {
      case 'dial':
      case 'sip_invite':
        b.enter('dialling', at);
        this.#mark(at, `dials ${party(event.to)}`);
        break;
      case 'sip_refer':
        this.#mark(at, `refers to ${party(event.to)}`);
        break;
      case 'bridge':
        a.enter('connected', at);
        b.enter('connected', at);
        this.bridgedAt = at;
        this.isTransferring = false;
        this.#mark(at, 'bridge', 'bridge');
        break;
      default:
    }
  }

  #planned(event, leg, key, time) {
    if (event.tones) {
      const tones = event.tones.map((tone) => ({
        from: time(tone.start),
        to: time(tone.end),
        digit: tone.digit,
        state: 'planned',
        evidence: [],
      }));
      this.#ops.set(key, { tones });
      leg.sent.push(...tones);
      const anchor = event.anchor;
      if (anchor?.event === 'answered' && anchor.offset > 0) {
        leg.waits.push(span('pause', time(anchor.sample), { to: time(anchor.sample + anchor.offset) }));
      }
    }
  }

  #started(event, leg, key, at) {
    if (event.op === 'prompt' || event.text !== undefined) {
      const words = span('prompt', at, { text: event.text ?? '', state: 'speaking' });
      leg.words.push(words);
      this.#ops.set(key, { words });
    } else if (waitingOps.includes(event.op)) {
      const wait = span(event.op, at);
      leg.waits.push(wait);
      this.#ops.set(key, { wait });
    }
  }

  #ended(event, leg, key, time) {
    const op = this.#ops.get(key);
    const begin = time(event.start);
    const end = time(event.end);
    const how = event.ev.slice('op.'.length);
    if (op?.words) Object.assign(op.words, { from: begin, to: end, state: how });
    if (op?.wait) Object.assign(op.wait, { to: end, expired: event.expired === true });
    if (!op && event.op === 'silence') leg.waits.push(span('pause', begin, { to: end }));
    if (op?.tones && how !== 'completed') {
      // What was planned and never sent.
      const unsent = op.tones.filter((tone) => tone.state === 'planned');
      leg.sent = leg.sent.filter((tone) => !unsent.includes(tone));
    }
  }

  #tone(leg, key, event) {
    const op = this.#ops.get(key) ?? { tones: [] };
    this.#ops.set(key, op);
    op.tones ??= [];
    if (!op.tones[event.i]) {
      const tone = { from: 0, to: 0, digit: event.digit, state: 'planned', evidence: [] };
      op.tones[event.i] = tone;
      leg.sent.push(tone);
    }
    return op.tones[event.i];
  }

  #line(event, leg, time) {
    const begin = time(event.start);
    const open = leg.sounds.findLast((sound) => sound.kind === 'sound' && sound.to === null);
    if (event.what === 'sound_began') {
      if (!open) leg.sounds.push(span('sound', begin));
    } else if (event.what === 'sound_ended') {
      // The sound ended where the silence that ended it began.
      if (open) open.to = begin;
    } else {
      leg.sounds.push(span(event.what, begin, { to: time(event.end) }));
    }
  }

  #close(leg, at) {
    for (const open of [...leg.words, ...leg.waits, ...leg.sounds]) {
      if (open.to === null) open.to = at;
    }
  }
}
