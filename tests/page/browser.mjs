// SPDX-License-Identifier: MIT
//
// Chromium without a window, driven by its own protocol over two pipes: no port, no package. Its headless shell
// takes half of the processor's time that the whole browser takes, and shows the same.

import {spawn} from 'node:child_process';
import {existsSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';

const programs = ['chromium-headless-shell', 'chromium'];
const pathsOf = (name) => (process.env.PATH ?? '').split(':').map((folder) => path.join(folder, name));
const quiet = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--remote-debugging-pipe', '--hide-scrollbars', '--mute-audio'
];

/** Waits until `look` returns something, for `seconds` at most. */
export async function until(what, look, seconds = 15) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`in vain for ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

export class Browser {
  #process;
  #profile = mkdtempSync(path.join(tmpdir(), 'keytone-page-'));
  #next = 0;
  #asked = new Map();
  #lost = '';
  #session;
  /**
   * Errors of the console, exceptions, requests that the policy refused, and hosts that are not the
   * server's.
   */
  troubles = [];

  /** `base`: the only server that may be asked. */
  constructor(base) {
    this.base = base;
    const program = programs.find((name) => pathsOf(name).some(existsSync)) ?? programs[0];
    const command = [...quiet, `--user-data-dir=${this.#profile}`, 'about:blank'];
    this.#process = spawn(program, command, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
    this.ended = new Promise((resolve) => {
      this.#process.on('error', (error) => resolve(`${program} cannot be started: ${error.message}`));
      this.#process.on('exit', () => resolve(`${program} has ended`));
    });
    this.ended.then((why) => this.#lose(why));
    this.#process.stdio[3].on('error', () => {});
    let rest = Buffer.alloc(0);
    this.#process.stdio[4].on('data', (data) => {
      const parts = Buffer.concat([rest, data]).toString('latin1').split('\0');
      rest = Buffer.from(parts.pop(), 'latin1');
      for (const part of parts) this.#take(JSON.parse(Buffer.from(part, 'latin1').toString()));
    });
  }

  #lose(why) {
    this.#lost = why;
    for (const { reject } of this.#asked.values()) reject(new Error(why));
    this.#asked.clear();
  }

  #take(message) {
    if (message.id) {
      const { resolve, reject, method } = this.#asked.get(message.id) ?? {};
      this.#asked.delete(message.id);
      if (message.error)
        reject?.(new Error(`${method}: ${message.error.message}`));
      else
        resolve?.(message.result);
      return;
    }
    const { method, params } = message;
    if (method === 'Runtime.exceptionThrown')
      this.troubles.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
    if (method === 'Runtime.consoleAPICalled' && ['error', 'warning', 'assert'].includes(params.type)) {
      this.troubles.push(params.args.map((argument) => argument.value ?? argument.description).join(' '));
    }
    // An answer of 4xx that a test asked for is no trouble, nor a stream that was cut; all else is, such as
    // what the policy refuses.
    const isExpected = ({ text, url = '' }) =>
        /status of 4\d\d/.test(text) || (text.includes('ERR_INCOMPLETE_CHUNKED') && url.endsWith('/events'));
    if (method === 'Log.entryAdded' && params.entry.level === 'error' && !isExpected(params.entry)) {
      this.troubles.push(`${params.entry.text} ${params.entry.url ?? ''}`);
    }
    if (method === 'Network.requestWillBeSent' && /^(https?|wss?):/.test(params.request.url) &&
        !params.request.url.startsWith(`${this.base}/`)) {
      this.troubles.push(`another host was asked: ${params.request.url}`);
    }
  }

  ask(method, params = {}, session = this.#session) {
    if (this.#lost) return Promise.reject(new Error(this.#lost));
    const id = ++this.#next;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject, method });
      this.#process.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId: session })}\0`);
    });
  }

  /** Comes before all else. */
  async start() {
    const { targetInfos } = await this.ask('Target.getTargets');
    const { targetId } = targetInfos.find((target) => target.type === 'page');
    this.#session = (await this.ask('Target.attachToTarget', { targetId, flatten: true })).sessionId;
    await Promise.all(['Page', 'Runtime', 'Log', 'Network', 'Accessibility', 'DOM'].map(
        (domain) => this.ask(`${domain}.enable`)));
  }

  async open(url) {
    await this.ask('Page.navigate', { url });
    await until(`the page ${url}`, () => this.run(() => document.readyState === 'complete'));
  }

  /** Runs a function in the page; its arguments and result are JSON. */
  async run(work, ...values) {
    const { result, exceptionDetails } = await this.ask('Runtime.evaluate', {
      expression: `(${work})(${values.map((value) => JSON.stringify(value)).join()})`,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /** The text that is shown at a selector; an empty one where nothing is. */
  text(selector) { return this.run((where) => document.querySelector(where)?.innerText ?? '', selector); }

  async see(selector, wanted, seconds = 15) {
    let last = '';
    return until(`${wanted} at ${selector}`, async () => {
             last = await this.text(selector);
             return wanted instanceof RegExp ? wanted.test(last) : last.includes(wanted);
           }, seconds).catch((error) => {
      throw new Error(`${error.message}; there is: ${last.slice(0, 600)}`);
    });
  }

  click(selector) {
    return this.run((where) => {
      const found = document.querySelector(where);
      if (!found) throw new Error(`nothing at ${where}`);
      found.click();
    }, selector);
  }

  /** Types into a field as a person does. */
  async type(selector, text) {
    await this.run((where) => {
      const field = document.querySelector(where);
      field.focus();
      field.select();
    }, selector);
    await this.ask('Input.insertText', { text });
  }

  async press(key) {
    const code = { Tab: 9, Enter: 13, Escape: 27 }[key];
    for (const type of ['keyDown', 'keyUp']) {
      await this.ask('Input.dispatchKeyEvent', {
        type,
        key,
        code: key,
        windowsVirtualKeyCode: code,
        ...(key === 'Enter' && type === 'keyDown' ? { text: '\r' } : {})
      });
    }
  }

  async view(width, height, isDark) {
    await this.ask(
        'Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: width < 600 });
    await this.ask('Emulation.setEmulatedMedia', {
      features: [
        { name: 'prefers-color-scheme', value: isDark ? 'dark' : 'light' },
        { name: 'prefers-reduced-motion', value: 'reduce' }, // Colours on their way are not measured.
      ]
    });
  }

  async picture() {
    const { data } = await this.ask('Page.captureScreenshot', {
      format: 'png',
      captureBeyondViewport: true,
    });
    return Buffer.from(data, 'base64');
  }

  async close() {
    await this.ask('Browser.close', {}, undefined).catch(() => {});
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), 3000);
    await this.ended;
    clearTimeout(timer);
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }
}
