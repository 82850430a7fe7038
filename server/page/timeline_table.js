// SPDX-License-Identifier: MIT
//
// What the picture shows, as rows of a table: for whoever does not see it, and for copying.

import {moment, plain} from './format.js';

const sentWords = {
  planned: 'to be sent',
  sent: 'sent',
  cut: 'sent, cut short'
};

function legRows(name, leg) {
  return [
    ...leg.states.map((state) => ({...state, what: plain(state.kind) })),
    ...leg.words.map((words) => ({...words, what: `says “${words.text}”` })),
    ...leg.sent.map((key) => ({
                      ...key,
                      what: `key ${key.digit} ${sentWords[key.state]}${
                          key.evidence.length ? `; ${[...new Set(key.evidence)].join(', ')}` : ''}`,
                    })),
    ...leg.heard.map((key) => ({
                       ...key,
                       what: `key ${key.digit} heard${
                           Number.isFinite(key.snr) ? `, ${key.snr.toFixed(1)} dB above the rest` : ''}`,
                     })),
    ...leg.waits.map(
        (wait) => ({...wait, what: `${plain(wait.kind)}${wait.expired ? ', its time was up' : ''}` })),
    ...leg.sounds.map((sound) => ({...sound, what: plain(sound.kind) })),
  ].map(({ from, to, what }) => ({ leg: name, from, to, what }));
}

/** In the order of time: `{leg, from, to, what}`; `to` is null while it lasts. */
export function timelineRows(story) {
  const marks = story.marks.filter((mark) => mark.kind !== 'event')
                    .map((mark) => ({ leg: 'both', from: mark.at, to: mark.at, what: mark.text }));
  return [...legRows('a', story.legs.a), ...legRows('b', story.legs.b), ...marks].sort(
      (one, other) => one.from - other.from);
}

/** The picture in one sentence. */
export function timelineSummary(story) {
  const { a, b } = story.legs;
  const keys = (list) => list.map((key) => key.digit).join('');
  return [
    `Timeline of ${moment(story.end)} seconds.`,
    `Leg a is ${plain(a.state) || 'not answered yet'}.`,
    b.isSeen ? `Leg b is ${plain(b.state)}.` : '',
    a.sent.length + b.sent.length > 0 ? `Keys sent: ${keys([...a.sent, ...b.sent])}.` : '',
    a.heard.length + b.heard.length > 0 ? `Keys heard: ${keys([...a.heard, ...b.heard])}.` : '',
    story.bridgedAt === null ? '' : `Both legs are connected from second ${moment(story.bridgedAt)} on.`,
    'The table below says the same.',
  ].filter(Boolean)
      .join(' ');
}
