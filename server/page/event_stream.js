// SPDX-License-Identifier: MIT
//
// A call's events as they happen. EventSource cannot send a token, so the stream is read by fetch:
//
//     streaming ──cut──► waiting (0.5 s … 15 s) ──► streaming, from the last event on
//         │                  └─ three streams without an event ──► polling, every 2 s
//         └──the message `end`──► over

import {api, ApiError} from './api.js';

const firstWait = 500;
const longestWait = 15_000;
const pollWait = 2000;
const silence = 25_000; // The server says something every 10 s: the connection is taken as lost.

/** Cuts a stream of text into the messages of `text/event-stream`: each `{id, type, data}`. */
export class MessageReader {
  #rest = '';

  push(text) {
    // A line may end with CR, LF or both; a CR at the end waits for what follows.
    const all = this.#rest + text;
    const held = all.endsWith('\r') ? 1 : 0;
    const blocks = all.slice(0, all.length - held).replace(/\r\n?/g, '\n').split('\n\n');
    this.#rest = blocks.pop() + all.slice(all.length - held);
    return blocks.map(parseMessage).filter((message) => message.data !== '');
  }
}

function parseMessage(block) {
  const message = { id: null, type: 'message', data: '' };
  const data = [];
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') data.push(value);
    if (field === 'id') message.id = value;
    if (field === 'event') message.type = value;
  }
  message.data = data.join('\n');
  return message;
}

function parseLine(line) {
  try {
    const event = JSON.parse(line);
    return event && typeof event.ev === 'string' ? event : null;
  } catch {
    return null;
  }
}

function pause(ms, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    }, { once: true });
  });
}

/**
 * Follows a call until it is over, or `signal` aborts.
 *  onEvents(events)   some more of them, in order, each once
 *  onState(word)      'live', 'waiting', 'polling', 'over'
 *  isOver()           asks whether the call is over
 * Ends with an ApiError where the call does not exist.
 */
export async function followEvents(call, {onEvents, onState, isOver, signal}) {
  let lastId = null;
  let count = 0; // Events had, for polls.
  let vain = 0;  // Streams on which nothing came, one after another.
  let wait = firstWait;

  const take = (events) => {
    count += events.length;
    if (events.length > 0) onEvents(events);
  };

  async function stream() {
    const connection = new AbortController();
    const abort = () => connection.abort();
    signal.addEventListener('abort', abort);
    let watch = setTimeout(abort, silence);
    try {
      const headers = lastId === null ? {} : { 'Last-Event-ID': lastId };
      const response =
          await api.events(call, { accept: 'text/event-stream', headers, signal: connection.signal });
      if (!response.ok)
        throw new ApiError(response.status, 'failed', `The server answered ${response.status}.`);
      if (!response.headers.get('Content-Type')?.startsWith('text/event-stream')) {
        await response.body?.cancel();
        return 'no stream';
      }
      onState('live');
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      const messages = new MessageReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return 'cut';
        clearTimeout(watch);
        watch = setTimeout(abort, silence);
        const events = [];
        let isLast = false;
        for (const message of messages.push(value)) {
          isLast ||= message.type === 'end';
          const isOld = lastId !== null && message.id !== null && Number(message.id) <= Number(lastId);
          if (message.id !== null && !isOld) lastId = message.id;
          const event = isOld ? null : parseLine(message.data);
          if (event) events.push(event);
        }
        if (events.length > 0) {
          vain = 0;
          wait = firstWait;
        }
        take(events);
        if (isLast) return 'over';
      }
    } finally {
      clearTimeout(watch);
      signal.removeEventListener('abort', abort);
    }
  }

  async function poll() {
    onState('polling');
    while (!signal.aborted) {
      try {
        const over = await isOver(); // Asked before: what comes after is all there is.
        const response = await api.events(call, { accept: 'application/x-ndjson', signal });
        if (response.ok) {
          const events = (await response.text()).split('\n').map(parseLine).filter(Boolean);
          take(events.slice(count));
          if (over) return;
        }
      } catch {
        // Tried again at the next turn.
      }
      await pause(pollWait, signal);
    }
  }

  while (!signal.aborted) {
    let result = 'cut';
    try {
      result = await stream();
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ApiError && [400, 403, 404].includes(error.status)) throw error;
      if (error instanceof ApiError) result = 'unreachable';
    }
    if (result === 'over') break;
    if (result === 'cut') vain += 1;
    if (result === 'no stream' || vain > 3) {
      await poll();
      break;
    }
    onState('waiting');
    await pause(wait, signal);
    wait = Math.min(2 * wait, longestWait);
  }
  if (!signal.aborted) onState('over');
}
