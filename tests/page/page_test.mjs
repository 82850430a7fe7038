#!/usr/bin/env node
// SPDX-License-Identifier: MIT
//
// A person at the page: the token, a call from its ringing to its report, an agent, an endpoint; in Chromium,
// against any server that has a call soon: keys are sent on it, and the line reacts to one; keys are heard;
// it is transferred, and both legs are connected; at its end it is reported.
//
//     node page_test.mjs BASE TOKEN [FOLDER [all] [real]]
//
// FOLDER is where pictures of what was seen go: on the desktop in the light; with `all` in the dark and on a
// phone, too. `real`: the server is none that replays, and its call does what the page asks for. Its agent
// comes when "it rings" is printed, hands the call on when 9 is pressed, and says so before; the report is
// delivered to an endpoint. "ready for a call" is printed before.

import assert from 'node:assert/strict';
import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';

import {Browser, until} from './browser.mjs';
import {faint, nameless, tooWide} from './looks.mjs';
import {assertLiveShapes, assertShapes} from './shapes.mjs';

const [base, token, folder, ...words] = process.argv.slice(2);
const [all, isReal] = ['all', 'real'].map((word) => words.includes(word));
if (!base || !token) {
  console.error('usage: page_test.mjs BASE TOKEN [FOLDER [all] [real]]');
  process.exit(2);
}
if (folder) mkdirSync(folder, { recursive: true });
const browser = new Browser(base);
const said = [];

const phone = [360, 780];
const desktop = [1440, 900];

/** Looks at what is shown on phone and desktop, in the light and in the dark. */
async function look(name) {
  for (const [size, [width, height]] of Object.entries({ phone, desktop })) {
    for (const isDark of [true, false]) {
      await browser.view(width, height, isDark);
      const where = `${name}, ${size}, ${isDark ? 'dark' : 'light'}`;
      assert.deepEqual(await tooWide(browser), [], `wider than the window: ${where}`);
      // Colours are the same whatever the size.
      if (size === 'desktop') assert.deepEqual(await faint(browser), [], `too faint: ${where}`);
      if (folder && (all || (size === 'desktop' && !isDark)))
        writeFileSync(path.join(folder, `${where.replaceAll(', ', '-')}.png`), await browser.picture());
    }
  }
  assert.deepEqual(await nameless(browser), [], `without a name: ${name}`);
}

async function step(name, work) {
  const begin = Date.now();
  await work();
  said.push(`${name}: ${Date.now() - begin} ms`);
}

async function go(hash) {
  await browser.run((to) => {
    location.hash = to;
  }, hash);
}

async function asksForTheToken() {
  await browser.start();
  await browser.view(...desktop, false);
  await browser.open(`${base}/`);
  await until('the dialog', () => browser.run(() => document.getElementById('token-dialog').open));
  assert.equal(await browser.run(() => document.activeElement.id), 'token');
  await browser.press('Escape');
  await look('token');
  await browser.type('#token', 'rg_live_wrong');
  await browser.press('Enter');
  await browser.see('#token-error', 'does not know');
  await browser.type('#token', token);
  await browser.press('Enter');
  await browser.see('h1', 'Calls');
  assert.equal(await browser.run(() => localStorage.length), 0);
}

/** A figure of the call's view, by its title. */
function figure(title) {
  return browser.run(
      (wanted) => [...document.querySelectorAll('.figures div')]
                      .find((one) => one.querySelector('dt').textContent === wanted)
                      .querySelector('dd')
                      .textContent,
      title);
}

/** What the live call's view says at the moment. */
function seen() {
  return browser.run(
      () => ({
        state: document.querySelector('.now-state .badge')?.textContent,
        events: Number(document.querySelector('#events-title .count').textContent),
        drawn: document.querySelectorAll('.timeline .key, .timeline .said, .timeline .state').length,
        sent: document.querySelectorAll('.timeline .key.sent').length,
        evidence: document.querySelectorAll('.timeline .reacted, .timeline .echoed').length,
        heard: document.querySelectorAll('.timeline .key.heard').length,
        bridge: document.querySelectorAll('.timeline .mark.bridge').length,
        report: document.querySelectorAll('.timeline .mark.report').length,
        now: document.querySelectorAll('.timeline .now').length,
      }));
}

async function seesACallHappen() {
  const link = 'section[aria-labelledby="now-title"] tbody a';
  console.log('ready for a call');
  await until('a live call', () => browser.run((where) => document.querySelector(where) !== null, link), 30);
  await browser.see('section[aria-labelledby="now-title"] tbody', /desk\s+ringing/);
  await browser.see('.counter', /^1\s+of \d+/);
  await browser.click(link);
  await browser.see('h1', /\S+\s*→/);
  // The heading has the focus, so that a screen reader begins there.
  assert.equal(await browser.run(() => document.activeElement.tagName), 'H1');
  if (isReal) await browser.see('.now-state .badge', 'ringing');
  console.log('it rings');
  const first = await until('the first event', async () => {
    const now = await seen();
    return now.events > 0 && now;
  }, 30);
  const answered = /in progress|transferring/; // A replay is quick.
  await browser.see('.now-state .badge', isReal ? 'in progress' : answered, 30);
  await assertLiveShapes(base, token);
  await until('jitter', async () => /^\d+\.\d ms$/.test(await figure('Jitter')));
  await until('losses', async () => /^\d+\.\d+ %$/.test(await figure('Lost')));
  assert.match(await figure('Late'), /^\d+$/);
  // What is refused is said beside what asked for it.
  await browser.type('#transfer-to', '12');
  await browser.press('Enter');
  await browser.see('.actions form:first-child .notice.fault', /to/);
  await browser.type('#keys', '1x');
  await browser.press('Enter');
  await browser.see('.actions form:nth-child(2) .notice.fault', /./);
  const grown = await until('keys with evidence', async () => {
    const now = await seen();
    return now.sent > 0 && now.evidence > 0 && now;
  }, 30);
  assert.ok(grown.events > first.events && grown.drawn > first.drawn, 'the timeline grows');
  await until('a key that was heard', async () => (await seen()).heard > 0, 30);
  // An agent that waits for them hears no other key meanwhile.
  if (isReal) await until('its keys', async () => await figure('Keys heard') === '3');
  await browser.type('#keys', '9');
  await browser.press('Enter');
  await browser.see('.actions form:nth-child(2) .notice.done', '9 is pressed');
  if (isReal) {
    await until('the key', async () => await figure('Keys sent') === '2');
    await browser.see('.words', 'Connecting you');
    await browser.see('.now-state .badge', 'transferring');
    await browser.see('.words', 'Please hold');
    await until('a pause before the extension', () => browser.run(
        () => /leg b is answered/i.test(document.querySelector('.timeline').getAttribute('aria-label'))));
  }
  if (folder) writeFileSync(path.join(folder, 'call-live.png'), await browser.picture());
  const end = await until('the report', async () => {
    const now = await seen();
    return now.report > 0 && now.bridge > 0 && now;
  }, 60);
  assert.equal(end.report, 1);
  await browser.see('.connection', 'complete', 30);
  await browser.see('.now-state .badge', /completed|transferred/, 30);
  // The timeline is drawn anew a frame after the state.
  await until('a timeline that stands still', async () => (await seen()).now === 0);
  assert.match(await browser.text('.words'), /[a-z]{3}/);
  assert.match(await browser.text('.call-head .about'), /transferred to \S*5303195426/);
}

async function readsWhatHappened() {
  // Each event once, in spite of streams that were cut.
  const numbers = await browser.run(() => {
    document.getElementById('raw').click();
    const all =
        [...document.querySelectorAll('.events td.raw')].map((cell) => JSON.parse(cell.textContent).seq);
    document.getElementById('raw').click();
    return all;
  });
  assert.ok(numbers.length > 10);
  assert.deepEqual(numbers, Array.from({ length: numbers.length }, (_, index) => numbers.length - index));
  // The table says what the picture shows.
  await browser.click('details summary');
  await browser.see('details table', /b\s.*dialling/);
  await browser.see('details table', /key \S sent; .*reacted/);
  await browser.see('details table', /key \S heard, \d+\.\d dB/);
  await browser.see('details table', /bridge/);
  if (isReal) {
    const sent = ['1 sent; reacted', '9 sent', '2 sent', '2 sent', '1 sent'].map((key) => `key ${key}`);
    await browser.see('details table', new RegExp(sent.join('[^]*')));
    await browser.see('details table', /key 4 heard[^]*key 2 heard[^]*key # heard/);
  }
  assert.match(
      await browser.run(() => document.querySelector('.timeline').getAttribute('aria-label')),
      /Keys sent: .*Keys heard: /);
  await browser.click('details summary');
  // Eight seconds of it, the last ones and then the first ones.
  const choose = (selector, value) => browser.run((where, to) => {
    const field = document.querySelector(where);
    field.value = to;
    field.dispatchEvent(new Event(field.tagName === 'SELECT' ? 'change' : 'input'));
  }, selector, value);
  const ticks = () => browser.run(
      () => [...document.querySelectorAll('.timeline .axis text')].map((text) => text.textContent));
  await choose('#part', '8');
  assert.ok(!(await ticks()).includes('0 s'));
  await choose('#position', '0');
  assert.ok((await ticks()).includes('0 s'));
  await choose('#part', 'whole');
  await browser.click('section[aria-labelledby="recording-title"] button');
  await browser.see('section[aria-labelledby="recording-title"]', 'Save as WAV');
  const length = await until(
      'the recording’s length', () => browser.run(() => document.querySelector('.player audio').duration));
  assert.ok(length > (isReal ? 5 : 0.4), `the recording is ${length} s long`);
  await look('call');
}

async function editsAnAgent() {
  await go('/agents/+');
  await browser.see('h1', 'New agent');
  await browser.type('#agent-id', 'no good');
  await browser.click('button[type=submit].main');
  await browser.see('#agent-id-error', 'letters');
  await browser.type('#agent-id', 'page-test');
  await browser.type('#setting-name', 'Page’s test');
  await browser.type('#setting-agentUrl', 'ws://127.0.0.1:9/');
  await browser.click('button[type=submit].main');
  await browser.see('h1', 'Agent page-test');
  await until(
      'its settings',
      () => browser.run(() => document.getElementById('setting-name').value === 'Page’s test'));
  // 501 characters of two UTF-16 units each.
  await browser.type('#setting-endCallMessage', '😀'.repeat(501));
  await browser.see('#setting-endCallMessage-count', '501 of 500');
  await browser.click('button[type=submit].main');
  await browser.see('#setting-endCallMessage-error', /500/);
  assert.equal(await browser.run(() => document.activeElement.id), 'setting-endCallMessage');
  await browser.type('#setting-endCallMessage', 'Goodbye.');
  await browser.click('#setting-transferEnabled');
  await browser.click('button[type=submit].main');
  await browser.see('#setting-transferNumber-error', /./);
  await browser.type('#setting-transferNumber', '+15303195426');
  await browser.click('button[type=submit].main');
  await browser.see('.settings .notice', 'Saved');
  await look('agent');
  await go('/agents');
  await browser.see('tbody', 'page-test');
  await browser.see('tbody', 'desk');
  await look('agents');
  await go('/agents/page-test');
  await browser.see('h1', 'Agent page-test');
  await until(
      'what was saved',
      () => browser.run(
          () => document.getElementById('setting-transferNumber').value === '+15303195426' &&
              document.getElementById('setting-transferEnabled').checked &&
              document.getElementById('setting-endCallMessage').value === 'Goodbye.'));
  await browser.click('.settings button.danger');
  await browser.click('dialog:not(#token-dialog) button.danger');
  await browser.see('h1', 'Agents');
  await until(
      'it is gone',
      () => browser.run(
          () => document.querySelector('tbody tr') &&
                  !document.querySelector('tbody').innerText.includes('page-test') ||
              document.querySelector('.empty:not([hidden])') !== null));
}

async function addsAnEndpoint() {
  await go('/endpoints');
  if (isReal) {
    await browser.see('table:first-of-type tbody', /enabled\s+\S+ 200/, 30);
    await browser.see('section[aria-labelledby="deliveries-title"] tbody', /delivered\s+1\s+200/, 30);
  }
  await browser.type('#label', 'Not Good');
  await browser.type('#url', 'http://receiver.example/');
  await browser.press('Enter');
  await browser.see('.add .notice.fault', /./);
  await browser.type('#label', 'page-test');
  await browser.type('#url', 'https://receiver.example/reports');
  await browser.press('Enter');
  await browser.see('.secret', /^whsec_/);
  await browser.see('tbody', 'receiver.example');
  const secret = await browser.text('.secret');
  await browser.click('section[aria-labelledby="deliveries-title"] button');
  await browser.see('section[aria-labelledby="deliveries-title"] .notice.done', 'sent again');
  await assertShapes(base, token);
  await look('endpoints');
  await browser.click('button[aria-label="Disable page-test"]');
  await browser.see('tbody', 'disabled');
  await browser.click('button[aria-label="Rotate secret page-test"]');
  await browser.click('dialog:not(#token-dialog) button.danger');
  await until('another secret', async () => {
    const now = await browser.text('.secret');
    return now !== '' && now !== secret;
  });
  await browser.click('button[aria-label="Remove page-test"]');
  await browser.click('dialog:not(#token-dialog) button.danger');
  await until(
      'it is gone',
      () => browser.run(() => document.querySelector('button[aria-label="Remove page-test"]') === null));
}

async function seesCallsBefore() {
  await go('/calls');
  await browser.see('section[aria-labelledby="before-title"] tbody', /\d/);
  await look('calls');
  // The keyboard reaches everything, beginning with the way to the content.
  await browser.run(() => {
    document.activeElement.blur();
    window.getSelection().removeAllRanges();
    document.body.focus();
  });
  await browser.press('Tab');
  assert.match(await browser.run(() => getComputedStyle(document.activeElement).outlineStyle), /solid|auto/);
}

async function seesAPastCall() {
  await browser.click('section[aria-labelledby="before-title"] tbody tr:last-child a');
  await browser.see('h1', '→');
  await browser.see('.connection', 'complete');
  await until('its events', async () => (await seen()).events > 0);
  assert.equal(await browser.run(() => document.querySelector('.actions').checkVisibility()), false);
}

/** What no server shows at will: streams cut anywhere, calls that go wrong. */
async function modulesHold() {
  const read = await browser.run(async () => {
    const { MessageReader } = await import('/page/event_stream.js');
    const text = ': hello\r\n\r\nid: 7\ndata: {"a":\ndata: "ü"}\n\nevent: end\rdata:{}\r\r';
    const whole = JSON.stringify(new MessageReader().push(`${text}\n`));
    const others = [...text].map((_, at) => {
      const reader = new MessageReader();
      return JSON.stringify([...reader.push(text.slice(0, at)), ...reader.push(`${text.slice(at)}\n`)]);
    });
    return { whole: JSON.parse(whole), isSame: others.every((other) => other === whole) };
  });
  assert.deepEqual(read.whole, [
    { id: '7', type: 'message', data: '{"a":\n"ü"}' }, { id: null, type: 'end', data: '{}' }
  ]);
  assert.ok(read.isSame, 'the same messages wherever the stream is cut');

  const words = await browser.run(async () => {
    const { characters, duration, party, percent } = await import('/page/format.js');
    const { settingOf, usage } = await import('/page/agent_settings.js');
    return [
      characters('a😀ü'), duration(3725.9), party('sip:+15550100@a.example'), party('<sip:bob@a>;tag=1'),
      party('tel:1'), percent(1, 3), percent(0, 0), settingOf('/numbers/0: is none').key,
      settingOf('transferNumber must be E.164').key, settingOf('the body is no object'),
      usage({ kind: 'list', most: 3 }, ' a \n\nb').used
    ];
  });
  assert.deepEqual(words, [
    3, '1:02:05', '+15550100', 'bob', 'tel:1', '33.3 %', '–', 'numbers', 'transferNumber', null, 2
  ]);

  // A key that is cut, and one that is never sent, as the caller hangs up.
  const leg = await browser.run(async () => {
    const { CallStory } = await import('/page/call_story.js');
    const story = new CallStory();
    const tones = [{ digit: '1', start: 8000, end: 9600 }, { digit: '2', start: 10400, end: 12000 }];
    const op = { leg: 'a', id: 'k/1', op: 'dtmf' };
    story.add({ ev: 'leg.changed', leg: 'a', sample: 0, state: 'answered' });
    story.add({ ev: 'line.heard', leg: 'a', sample: 800, what: 'sound_began', start: 800, end: 1040 });
    const anchor = { event: 'queue', sample: 8000, offset: 0 };
    story.add({ ev: 'op.planned', ...op, sample: 8000, anchor, tones });
    const cut = { i: 0, digit: '1', start: 8000, end: 8800, cut: true };
    story.add({ ev: 'tone.completed', ...op, sample: 8000, ...cut });
    story.add({ ev: 'op.cancelled', ...op, sample: 8800, start: 8000, end: 8800 });
    story.add({ ev: 'leg.changed', leg: 'a', sample: 8800, state: 'ended' });
    return { ...story.legs.a, isSeenB: story.legs.b.isSeen, end: story.end };
  });
  assert.deepEqual(leg.sent, [{ from: 1, to: 1.1, digit: '1', state: 'cut', evidence: [] }]);
  assert.deepEqual(leg.states.map((state) => [state.kind, state.from, state.to]), [
    ['answered', 0, 1.1], ['ended', 1.1, null]
  ]);
  assert.equal(leg.sounds[0].to, 1.1);
  assert.equal(leg.isSeenB, false);
  assert.equal(leg.end, 1.1);
}

async function forgets() {
  await browser.click('#forget');
  await until('the dialog', () => browser.run(() => document.getElementById('token-dialog').open));
  assert.equal(await browser.run(() => sessionStorage.length + localStorage.length), 0);
}

let failure = null;
try {
  await step('token', asksForTheToken);
  await step('live call', seesACallHappen);
  await step('what happened', readsWhatHappened);
  await step('agent', editsAnAgent);
  await step('endpoint', addsAnEndpoint);
  await step('calls before', seesCallsBefore);
  await step('past call', seesAPastCall);
  await step('modules', modulesHold);
  await step('forget', forgets);
  assert.deepEqual(browser.troubles, [], 'errors in the console');
} catch (error) {
  failure = error;
  console.error(error.message);
  console.error(error.stack.split('\n').find((line) => line.includes('page_test.mjs')) ?? '');
  console.error(`console: ${JSON.stringify(browser.troubles)}`);
  if (folder)
    writeFileSync(path.join(folder, 'failure.png'), await browser.picture().catch(() => Buffer.alloc(0)));
}
await browser.close();
console.log(said.join('\n'));
process.exit(failure ? 1 : 0);
