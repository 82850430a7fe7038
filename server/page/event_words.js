// SPDX-License-Identifier: MIT
//
// One event in plain words, for the list of events.

import {plain} from './format.js';

const lineWords = {
  sound_began: 'a sound began',
  sound_ended: 'the sound ended',
  dial_tone: 'a dial tone',
  beep: 'a beep',
};

function failures({ message, code, sip, leg_alive: isAlive }) {
  const words = [message ?? plain(code), sip ? `SIP ${sip}` : '', isAlive === false ? 'the leg is gone' : ''];
  return words.filter(Boolean).join('; ');
}

const writers = {
  'leg.changed': (event) => `is ${plain(event.state)}`,
  'action.accepted': (event) =>
      `${event.name ?? 'request'} accepted${event.warning ? ` (${plain(event.warning)})` : ''}`,
  'action.rejected': (event) => `${event.name ?? 'request'} refused: ${event.message ?? plain(event.code)}`,
  'action.started': (event) => `${event.name ?? 'request'} began`,
  'action.completed': (event) =>
      `${event.name ?? 'request'} done${event.code ? ` (${plain(event.code)})` : ''}${
          event.answered_by ? `, answered by: ${plain(event.answered_by)}` : ''}`,
  'action.failed': (event) =>
      `${event.name ?? 'request'} failed at ${plain(event.stage)}: ${failures(event)}`,
  'action.cancelled': (event) => `${event.name ?? 'request'} cancelled: ${plain(event.code)}`,
  'op.planned': (event) =>
      (event.tones ? `will send ${event.tones.map((tone) => tone.digit).join(' ')}` : `${event.op} planned`),
  'op.started': (event) => (event.text !== undefined ? `says “${event.text}”` : `${event.op} began`),
  'op.completed': (event) => `${event.op} done${event.expired ? ', its time was up' : ''}`,
  'op.failed': (event) => `${event.op} failed${event.expired ? ', its time was up' : ''}`,
  'op.cancelled': (event) => `${event.op} cancelled`,
  'tone.completed': (event) => `sent ${event.digit}${event.cut ? ', cut short' : ''}`,
  'tone.evidence': (event) => (
      event.step === 'echoed' ? `${event.digit} came back as an echo` : `the line reacted to ${event.digit}`),
  'digit.heard': (event) => `heard ${event.digit}${
      Number.isFinite(event.snr_db) ? `, ${event.snr_db.toFixed(1)} dB above the rest` : ''}`,
  'progress.heard': (event) =>
      `heard ${plain(event.tone)}${event.information ? `, ${plain(event.information)}` : ''}`,
  'progress.ended': (event) => `${plain(event.tone)} is over`,
  'answer.heard': (event) => `answered by: ${plain(event.by)}`,
  'line.heard': (event) => lineWords[event.what] ?? plain(event.what),
  intent: (event) => [plain(event.do), event.to, event.text && `“${event.text}”`].filter(Boolean).join(' '),
  'speech.masked': () => 'the agent\'s sound was muted',
  'fact.ignored': (event) => `ignored ${plain(event.fact)}: ${event.reason ?? ''}`,
  'reports.lost': (event) => `${event.count} reports were lost`,
  'transfer.response': (event) =>
      `answered ${event.status}: ${event.body?.data?.message ?? event.body?.error?.message ?? ''}`,
  'session.completed': (event) => {
    const call = event.data?.call ?? {};
    const to = call.transferred_to ? ` to ${call.transferred_to}` : '';
    const length = Number.isFinite(call.duration_seconds) ?
        `, ${call.duration_seconds.toFixed(2)} s with the agent` :
        '';
    return `report: ${call.transferred ? `transferred${to}` : 'completed'}${length}`;
  },
};

/** What an event says. */
export function wordsOf(event) { return writers[event.ev]?.(event) ?? plain(event.ev); }

const bad = ['action.rejected', 'action.failed', 'op.failed', 'reports.lost'];

/** Whether it tells of something that went wrong. */
export function isTrouble(event) {
  return bad.includes(event.ev) || (event.ev === 'transfer.response' && event.status >= 400);
}
