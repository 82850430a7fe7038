// SPDX-License-Identifier: MIT
//
// The calls of mock_server.mjs: one that is replayed from call.events.jsonl, and others that are over.

import {readFileSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const rate = 8000;

export const iso = (ms) => (ms === null ? null : new Date(ms).toISOString());

/** A call's lines as they came, so many times as fast. It begins when it is first looked at. */
export class ReplayedCall {
  lines = readFileSync(path.join(here, 'call.events.jsonl'), 'utf8').trim().split('\n');
  id = '20261129T012344.123Z-7';
  session = '2f1b6c1e-59f7-4a9a-9c1e-0c6f0b3f7a10';
  /** What the call waits for at some second, so that a slow machine sees all of it; 15 s at most. */
  holds = [{ at: 0.5, wants: 'events' }, { at: 10, wants: 'transfer' }, { at: 10, wants: 'functions' }];
  #speed;
  #began = null;
  #looked = 0;
  #now = 0;
  #ended = null;
  #seen = new Set();
  #times = [];

  constructor(speed) {
    this.#speed = speed;
    // A line comes at its sample, and not before the line before it.
    for (const line of this.lines) {
      const event = JSON.parse(line);
      const end = event.ev === 'op.planned' ? event.sample : Math.max(event.sample, event.end ?? 0);
      this.#times.push(Math.max(this.#times.at(-1) ?? 0, end / rate));
    }
    this.#times.push(this.#times.at(-1) + 0.5);
  }

  /** Something was asked of it. */
  ask(what) { this.#seen.add(what); }

  /** Seconds on its own clock. */
  get now() {
    const time = Date.now();
    this.#began ??= time;
    const passed = this.#looked === 0 ? 0 : ((time - this.#looked) / 1000) * this.#speed;
    this.#looked = time;
    const isPatient = time - this.#began < 15_000;
    const hold = this.holds.find(({ wants }) => isPatient && !this.#seen.has(wants));
    this.#now = Math.min(this.#now + passed, Math.max(this.#now, hold?.at ?? Infinity));
    return this.#now;
  }

  get isOver() {
    const isOver = this.now >= this.#times.at(-1);
    if (isOver) this.#ended ??= Date.now();
    return isOver;
  }

  /** The lines that have come. */
  get come() {
    const { now } = this;
    return this.lines.filter((_, index) => this.#times[index] <= now);
  }

  get json() {
    const { now, isOver } = this;
    const state = now > 11.5 ? 'transferring' : now > 1 ? 'in_progress' : 'ringing';
    return {
      call_id: this.id,
      session_id: this.session,
      agent_id: 'front-desk',
      from_number: 'sip:+14155550137@sip.example',
      to_number: 'sip:+15303190000@keytone.example',
      direction: 'inbound',
      state: isOver ? 'ended' : state,
      status: isOver ? 'completed' : null,
      disposition: isOver ? 'completed' : null,
      began_at: iso(this.#began),
      answered_at: now > 1 ? iso(this.#began + 1000 / this.#speed) : null,
      ended_at: iso(this.#ended),
      ...(isOver ? {} : {
        jitter_ms: 1.84,
        packets_in: Math.floor(now * 50),
        packets_lost: Math.floor(now / 6),
        packets_late: Math.floor(now / 9)
      }),
    };
  }
}

function pastCall(index) {
  const start = Date.UTC(2026, 10, 28, 9, 30) - index * 480_000;
  const [status, disposition] = [
    ['completed', 'completed'], ['no_answer', 'no_answer'], ['busy', 'busy'], ['failed', 'failed'],
    ['completed', 'user_hangup_no_speech']
  ][index % 5];
  return {
    call_id: `20261128T0930${String(index).padStart(2, '0')}.000Z-${index}`,
    session_id: `past-${index}`,
    agent_id: index % 3 ? 'front-desk' : 'night-line',
    // What comes from calls is not to be trusted.
    from_number: index === 1 ? 'sip:<img src=x onerror=alert(1)>@evil.example' :
                               `sip:+1415555${String(1000 + index * 37)}@sip.example`,
    to_number: 'sip:+15303190000@keytone.example',
    direction: index % 4 ? 'inbound' : 'outbound',
    state: 'ended',
    status,
    disposition,
    began_at: iso(start),
    answered_at: status === 'completed' ? iso(start + 4000) : null,
    ended_at: iso(start + 65_000 + index * 7000),
  };
}
export const pastCalls = Array.from({length: 31}, (_, index) => pastCall(index));

/** Of a call that is over; the page needs no more of it. */
export function reportOf(call) {
  return { event: 'session.completed', timestamp: call.ended_at, data: { session_id: call.session_id } };
}

/** Half a second of silence: two channels, 8 kHz, 16 bits. */
export function recording() {
  const samples = Buffer.alloc(16_000);
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(2, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(4 * rate, 28);
  header.writeUInt16LE(4, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.length, 40);
  return Buffer.concat([header, samples]);
}
