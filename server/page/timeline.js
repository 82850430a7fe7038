// SPDX-License-Identifier: MIT
//
// A call's story as a picture that grows with the call. Only rows that a leg has use for are there:
//
//     leg b: where the call is transferred to
//      state │ ringing          │ answered │ connected
//      said  │ [Please hold…]
//      sent  │                       2 2 1     keys; below each what shows that it was heard
//      heard │ 5
//      sound │ ~~~~~~
//      wait  │                |2 s|             waits, pauses, hold

import {svg} from './dom.js';
import {moment, plain} from './format.js';

const gutter = 46;
const right = 12;
const letter = 6.1; // Width of a usual letter of the pictures' text.
const rowHeights = {
  state: 18,
  said: 20,
  sent: 32,
  heard: 32,
  sound: 18,
  wait: 20
};
const rowGap = 5;
const markRow = 15;
const legTitles = {
  a: 'leg a: the caller’s side',
  b: 'leg b: where the call is transferred to'
};
const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600];

/** Time to place, for one width. */
class Scale {
  constructor(from, to, width) {
    this.from = from;
    this.to = to;
    this.left = gutter;
    this.right = Math.max(gutter + 40, width - right);
    this.perSecond = (this.right - this.left) / Math.max(0.001, to - from);
  }

  x(time) { return this.left + (time - this.from) * this.perSecond; }

  /** Where a stretch of time is seen; null where it is not. */
  extent(from, to) {
    if (to < this.from || from > this.to) return null;
    const x = Math.max(this.left, this.x(from));
    return { x, width: Math.max(1, Math.min(this.right, this.x(to)) - x) };
  }
}

function cut(text, width) {
  const room = Math.floor((width - 8) / letter);
  if (text.length <= room) return text;
  return room < 3 ? '' : `${text.slice(0, room - 1).trimEnd()}…`;
}

function axis(scale, y, height) {
  const step = steps.find((one) => one * scale.perSecond >= 70) ?? steps.at(-1);
  const group = svg('g', { class: 'axis' });
  for (let tick = Math.ceil(scale.from / step - 1e-6) * step; tick <= scale.to; tick += step) {
    const x = scale.x(tick);
    const label = tick >= 120 ? `${Math.floor(tick / 60)}:${String(Math.round(tick % 60)).padStart(2, '0')}` :
                                `${Number(tick.toFixed(1))} s`;
    group.append(svg('line', { x1: x, x2: x, y1: y, y2: y + height }));
    if (x < scale.right - 8)
      group.append(svg('text', { x, y: y + height + 14, 'text-anchor': 'middle' }, label));
  }
  return group;
}

function box(kind, extent, y, height, text, title) {
  const shown = cut(text, extent.width);
  return svg(
      'g', { class: kind }, svg('title', {}, title),
      svg('rect', { x: extent.x, y, width: extent.width, height, rx: 2.5 }),
      shown && svg('text', { x: extent.x + 5, y: y + height / 2 + 4 }, shown));
}

/**
 * Draws what is seen of some spans. Of those that fall on one pixel the first is drawn, so that a picture of
 * hours has no more parts than it has room for.
 */
function spans(all, scale, now, draw) {
  let end = -Infinity;
  return all.map((span) => {
    const extent = scale.extent(span.from, span.to ?? now);
    if (!extent || extent.x + extent.width <= end + 0.5) return null;
    end = extent.x + extent.width;
    return draw(span, extent);
  });
}

const drawers = {
  state: (leg, scale, y, now) => spans(
      leg.states.filter((state) => state.kind !== 'ended'), scale, now,
      (state, extent) => {
        const to = state.to ?? now;
        return box(
            `state ${state.kind}`, extent, y, rowHeights.state, plain(state.kind),
            `${plain(state.kind)}, ${moment(state.from)} to ${moment(to)} s`);
      }),
  said: (leg, scale, y, now) => spans(
      leg.words, scale, now,
      (words, extent) => box(`said ${words.state}`, extent, y, rowHeights.said, words.text, words.text)),
  sent: (leg, scale, y, now) => keys(leg.sent, scale, y, now, sentKey),
  heard: (leg, scale, y, now) => keys(leg.heard, scale, y, now, heardKey),
  sound: (leg, scale, y, now) => spans(
      leg.sounds, scale, now,
      (sound, extent) => {
        const title = `${plain(sound.kind)}, from ${moment(sound.from)} s`;
        return sound.kind === 'sound' ?
            svg('g', { class: 'sound' }, svg('title', {}, title),
                svg('rect', { x: extent.x, y: y + 5, width: extent.width, height: 8, rx: 4 })) :
            box('tone', extent, y, 18, plain(sound.kind), title);
      }),
  wait: (leg, scale, y, now) => spans(
      leg.waits, scale, now,
      (wait, extent) => {
        const length = (wait.to ?? now) - wait.from;
        const label = `${wait.kind === 'pause' ? '' : `${plain(wait.kind)} `}${Number(length.toFixed(1))} s`;
        const room = label.length * letter + 16;
        const middle = extent.x + extent.width / 2;
        return svg(
            'g', { class: 'wait' },
            svg('title', {},
                `${plain(wait.kind)} of ${moment(length)} s${wait.expired ? ', its time was up' : ''}`),
            svg('path', { d: `M${extent.x} ${y + 4}v12m0 -6h${extent.width}m0 -6v12` }),
            extent.width > room &&
                svg('rect',
                    { x: middle - room / 2 + 4, y: y + 2, width: room - 8, height: 16, class: 'behind' }),
            extent.width > room && svg('text', { x: middle, y: y + 14, 'text-anchor': 'middle' }, label));
      }),
};

/**
 * Keys stand beside each other. Where they are close, the first of what would overlap is seen: bars, signs,
 * what stands below them.
 */
function keys(all, scale, y, now, draw) {
  const ends = { bar: -Infinity, sign: -Infinity, below: -Infinity };
  const has = (what, from, to) => {
    if (from < ends[what]) return false;
    ends[what] = to;
    return true;
  };
  return [...all].sort((one, other) => one.from - other.from).map((key) => {
    const extent = scale.extent(key.from, Math.max(key.to, key.from));
    return extent && has('bar', extent.x, extent.x + Math.max(2, extent.width)) ?
        draw(key, extent, y, now, has) :
        null;
  });
}

const reactedMark = (x, y) => svg('path', { class: 'reacted', d: `M${x - 4} ${y}l3 3l5 -6` });
const echoedMark = (x, y) =>
    svg('path', { class: 'echoed', d: `M${x + 3} ${y - 3}a4 4 0 1 0 1 3m-3.4 0.4h3.6v-3.6` });

/** The marks by themselves, for a legend. */
export const evidenceMarks = {
  reacted: reactedMark,
  echoed: echoedMark
};

function sentKey(key, extent, y, now, has) {
  const middle = extent.x + extent.width / 2;
  const steps = [...new Set(key.evidence)].sort();
  // What the line did on the key is worth more than an echo of it.
  const shown = [steps, steps.slice(-1)].find(
                    (some) => some.length > 0 &&
                        has('below', middle - 5.5 * some.length, middle + 5.5 * some.length)) ??
      [];
  return svg(
      'g', { class: `key ${key.state}${key.from <= now ? '' : ' ahead'}` },
      svg('title', {},
          `${key.digit} ${key.state}, ${moment(key.from)} to ${moment(key.to)} s${
              steps.length ? `, ${steps.join(', ')}` : ''}`),
      svg('rect', { x: extent.x, y: y + 15, width: extent.width, height: 4, rx: 1 }),
      has('sign', middle - 4.5, middle + 4.5) &&
          svg('text', { x: middle, y: y + 11, 'text-anchor': 'middle' }, key.digit),
      shown.map(
          (step, index) => evidenceMarks[step]?.(middle + (index - (shown.length - 1) / 2) * 11, y + 26)));
}

function heardKey(key, extent, y, now, has) {
  const middle = extent.x + extent.width / 2;
  const snr = Number.isFinite(key.snr) ? `${Math.round(key.snr)}` : '';
  return svg(
      'g', { class: 'key heard' },
      svg('title', {},
          `${key.digit} heard, ${moment(key.from)} to ${moment(key.to)} s${
              snr ? `, ${snr} dB above the rest` : ''}`),
      svg('rect', { x: extent.x, y: y + 15, width: extent.width, height: 4, rx: 1 }),
      has('sign', middle - 4.5, middle + 4.5) &&
          svg('text', { x: middle, y: y + 11, 'text-anchor': 'middle' }, key.digit),
      snr && has('below', middle - 3.5 * snr.length, middle + 3.5 * snr.length) &&
          svg('text', { class: 'snr', x: middle, y: y + 30, 'text-anchor': 'middle' }, snr));
}

const uses = {
  state: (leg) => leg.states.length > 0,
  said: (leg) => leg.words.length > 0,
  sent: (leg) => leg.sent.length > 0,
  heard: (leg) => leg.heard.length > 0,
  sound: (leg) => leg.sounds.length > 0,
  wait: (leg) => leg.waits.length > 0,
};

/** Marks with their words, on as few rows as they fit in, three at most; what does not fit is a line. */
function placedMarks(marks, scale) {
  const ends = [];
  return marks.filter((mark) => mark.at >= scale.from && mark.at <= scale.to).map((mark) => {
    const x = scale.x(mark.at);
    const width = mark.text.length * letter + 14;
    const isTurned = x + width > scale.right;
    const from = isTurned ? x - width : x;
    let row = [0, 1, 2].find((one) => (ends[one] ?? -Infinity) <= from);
    if (row === undefined || from < 0)
      row = null;
    else
      ends[row] = from + width;
    return {...mark, x, row, isTurned };
  });
}

/** Draws `story` from the second `from` to `to`; `now` is where the call is. */
export function drawTimeline(picture, story, {from, to, now, width, isLive}) {
  const scale = new Scale(from, to, width);
  const marks = placedMarks(story.marks, scale);
  const markRows = Math.max(1, ...marks.map((mark) => (mark.row ?? -1) + 1));
  let y = markRows * markRow + 8;
  const top = y;
  const parts = [];
  const sheets = [];
  for (const name of ['a', 'b']) {
    const leg = story.legs[name];
    if (name === 'b' && !leg.isSeen) continue;
    parts.push(svg('text', { class: 'leg-title', x: 0, y: y + 12 }, legTitles[name]));
    y += 19;
    const sheetTop = y;
    y += 6;
    for (const row of Object.keys(rowHeights)) {
      if (!uses[row](leg) && !(row === 'state' && name === 'a')) continue;
      const height = rowHeights[row];
      parts.push(
          svg('text', {
            class: 'row-name',
            x: gutter - 7,
            y: y + (row === 'sent' || row === 'heard' ? 12 : height / 2 + 4),
            'text-anchor': 'end'
          },
              row));
      parts.push(svg('g', {}, ...drawers[row](leg, scale, y, now).flat().filter(Boolean)));
      y += height + rowGap;
    }
    sheets.push(svg('rect', {
      class: 'sheet',
      x: scale.left,
      y: sheetTop,
      width: scale.right - scale.left,
      height: y - sheetTop,
      rx: 3
    }));
    y += 12;
  }
  const bottom = y - 12;
  const lines = marks.map((mark) => {
    const rowTop = mark.row === null ? top - 4 : mark.row * markRow;
    return svg(
        'g', { class: `mark ${mark.kind}` }, svg('title', {}, `${mark.text}, at ${moment(mark.at)} s`),
        svg('line', { x1: mark.x, x2: mark.x, y1: rowTop + 2, y2: bottom }),
        mark.row !== null &&
            svg('text', {
              x: mark.x + (mark.isTurned ? -5 : 5),
              y: rowTop + 11,
              'text-anchor': mark.isTurned ? 'end' : 'start'
            },
                mark.text));
  });
  const nowLine = isLive && now >= from && now <= to ?
      [svg('line', { class: 'now', x1: scale.x(now), x2: scale.x(now), y1: top, y2: bottom })] :
      [];
  const height = bottom + 20;
  picture.setAttribute('width', width);
  picture.setAttribute('height', height);
  picture.setAttribute('viewBox', `0 0 ${width} ${height}`);
  picture.replaceChildren(...sheets, axis(scale, top, bottom - top), ...lines, ...parts, ...nowLine);
}
