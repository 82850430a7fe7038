// SPDX-License-Identifier: MIT
//
// Numbers and times as they are read.

const two = (number) => String(number).padStart(2, '0');

/** Seconds as `1:05` or `2:03:04`. */
export function duration(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** Seconds on a call's clock: `12.35`. */
export function moment(seconds) { return seconds.toFixed(2); }

/** A time of day today, else with its date, in the reader's own zone. */
export function when(ms) {
  const date = new Date(ms);
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  if (date.toDateString() === new Date().toDateString()) return clock;
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clock}`;
}

export function percent(part, whole) {
  return whole > 0 ? `${((100 * part) / whole).toFixed(part > 0 && part / whole < 0.001 ? 2 : 1)} %` : '–';
}

/** A leg's jitter and losses as texts; null: they are not known. */
export function lineWords(line) {
  if (!line) return { jitter: '–', lost: '–', late: '–' };
  return {
    jitter: `${line.jitterMs.toFixed(1)} ms`,
    lost: percent(line.lost, line.in + line.lost),
    late: String(line.late)
  };
}

/** Who a URI names: the number or user of `sip:+15550100@sip.example`; the URI where it names nobody. */
export function party(uri) {
  const match = /^<?sips?:([^@;>]+)@/.exec(uri ?? '');
  return match ? match[1] : uri || '–';
}

/** Characters as the API counts them: Unicode's code points. */
export function characters(text) { return [...text].length; }

const plainWords = {
  in_progress: 'in progress',
  no_answer: 'no answer',
  not_answered: 'not answered',
  user_hangup_no_speech: 'hung up without a word',
  early_media: 'early media',
};

/** A word of the API as people read it. */
export function plain(word) { return plainWords[word] ?? String(word ?? '').replaceAll('_', ' '); }
