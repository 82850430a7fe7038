#!/usr/bin/env node
// SPDX-License-Identifier: MIT
//
// What the page needs of a server, without one: the files of server/page, and the API with one call that is
// replayed, others that are over, two agents, no endpoint. The stream of events is cut once in the middle, as
// by a proxy; of calls that are over there is no stream.
//
//     node mock_server.mjs [PORT [TOKEN [SPEED]]]      prints "listening PORT"

import {createHash, randomUUID} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {createServer} from 'node:http';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

import {iso, pastCalls, recording, ReplayedCall, reportOf} from './mock_calls.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const pageFolder = path.join(here, '../../server/page');
const [port = '0', token = 'rg_live_test', speed = '6'] = process.argv.slice(2);
const live = new ReplayedCall(Number(speed));
let cuts = 1;
const types = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml'
};
const policy = 'default-src \'self\'; base-uri \'none\'; form-action \'none\'; frame-ancestors \'none\'';

const defaults = {
  name: '',
  agentUrl: null,
  shape: 'keytone',
  rate: 8000,
  numbers: [],
  grace: 5,
  answer_after: 5,
  message: null,
  record: true,
  authToken: null,
  max_calls: null,
  calls_per_minute: null,
  transferEnabled: false,
  transferNumber: null,
  transferMessage: null,
  transfer_instructions: null,
  allow: [],
  mute_keys: false,
  on_machine: 'bridge',
  machine_message: null,
  endCallEnabled: true,
  endCallMessage: null,
  end_call_instructions: null,
  createdAt: iso(Date.UTC(2026, 10, 27, 9)),
  updatedAt: iso(Date.UTC(2026, 10, 27, 9))
};
const agents = new Map([
  [
    'front-desk', {
      ...defaults,
      id: 'front-desk',
      name: 'Front desk',
      agentUrl: 'ws://127.0.0.1:8765/',
      numbers: ['+15303190000', '100'],
      transferEnabled: true,
      transferNumber: '+15303195426',
      transferMessage: 'Please hold while I connect you.',
      transfer_instructions: 'If the caller asks for a person, transfer the call.',
      allow: ['transferNumber', '+1530']
    }
  ],
  [
    'night-line', {
      ...defaults,
      id: 'night-line',
      name: 'Night line',
      agentUrl: 'wss://agents.example/night',
      shape: 'twilio',
      numbers: ['+15303190001']
    }
  ],
]);
const endpoints = new Map();
let lastEndpoint = 0;
const deliveries = pastCalls.slice(0, 3).map((call, index) => ({
  report_id: String(3 - index),
  session_id: call.session_id,
  call_id: call.call_id,
  made_at: call.ended_at,
  label: null,
  state: 'no endpoint',
  attempts: 0,
  outcome: null
}));

class Fault extends Error {
  constructor(status, code, message) {
    super(message);
    Object.assign(this, { status, code });
  }
}
const noCall = () =>
    new Fault(404, 'no_such_call', 'there is no such call: look it up with GET /api/v2/calls');

function callOf(id) {
  if (id === live.id) return live.json;
  const found = pastCalls.find((call) => call.call_id === id);
  if (!found) throw noCall();
  return found;
}

function liveOf(id) {
  const call = callOf(id);
  if (call.state === 'ended') throw new Fault(400, 'call_over', 'the call is over');
  return call;
}

function checkText(settings, key, most) {
  const text = settings[key];
  if (typeof text === 'string' && [...text].length > most) {
    throw new Fault(
        400, 'too_long',
        `/${key}: has ${[...text].length} characters, and at most ${most} are taken: shorten it`);
  }
}

function putAgent(id, body) {
  const agent = {...defaults, ...agents.get(id), id, ...body, updatedAt: iso(Date.now()) };
  for (const [key, value] of Object.entries(body))
    if (value === null || value === '') agent[key] = defaults[key];
  for (const key of ['transferMessage', 'endCallMessage', 'machine_message', 'message']) checkText(agent, key, 500);
  for (const key of ['transfer_instructions', 'end_call_instructions']) checkText(agent, key, 2000);
  if (agent.transferEnabled && !/^\+[1-9]\d{6,14}$/.test(agent.transferNumber ?? '')) {
    throw new Fault(400, 'bad_value', '/transferNumber: is not E.164: write it such as +15551234567');
  }
  agents.set(id, agent);
  return agent;
}

function addEndpoint({ label, url }) {
  if (!/^[a-z0-9][a-z0-9-]{0,30}$/.test(label ?? ''))
    throw new Fault(400, 'bad_label', '/label: is not a-z, 0-9 and hyphens, up to 31');
  if (!/^https:\/\//.test(url ?? ''))
    throw new Fault(400, 'bad_url', '/url: is not https: name the endpoint as https://…');
  const made = {
    id: String(++lastEndpoint),
    label,
    url,
    enabled: true,
    last_delivery_at: null,
    last_delivery_status: null,
    created_at: iso(Date.now()),
    updated_at: iso(Date.now())
  };
  endpoints.set(made.id, made);
  return {
    ...made,
    secret: `whsec_${randomUUID().replaceAll('-', '')}`,
    message: 'Keep the secret: it is not shown again'
  };
}

function endpointOf(id) {
  if (!endpoints.has(id)) throw new Fault(404, 'no_such_webhook', 'there is no such endpoint');
  return endpoints.get(id);
}

const calls = (query) => {
  const now = live.isOver ? [] : [live.json];
  const past = [...(live.isOver ? [live.json] : []), ...pastCalls];
  const state = query.get('state') ?? '';
  const all = state === 'live' ? now :
      state === 'ended'        ? past :
      state === ''             ? [...now, ...past] :
                                 past.filter((call) => call.status === state);
  const before = Date.parse(query.get('before') ?? '2100-01-01T00:00:00Z');
  return {
    calls: all.filter((call) => Date.parse(call.began_at) < before).slice(0, Number(query.get('limit') ?? 50))
  };
};

// Method, path, and what answers: (names, body, query) → data.
const routes = [
  ['GET', '/api/v2/calls/concurrency', () => ({ active: live.isOver ? 0 : 1, limit: 2500, available: 2499 })],
  ['GET', '/api/v2/calls', (_, __, query) => calls(query)],
  [
    'GET', '/api/v2/calls/:id',
    ([id]) => {
      const call = callOf(id);
      return {...call, report: call.state === 'ended' ? reportOf(call) : null };
    }
  ],
  ['DELETE', '/api/v2/calls/:id', ([id]) => ({ message: 'Call ends', callId: liveOf(id).call_id })],
  [
    'POST', '/api/v2/calls/:id/transfer',
    ([id], body) => {
      if (body.to !== undefined && !/^\+[1-9]\d{6,14}$/.test(body.to)) {
        throw new Fault(400, 'bad_request', 'to must be E.164 here, such as +15551234567');
      }
      return { message: 'Call transferred', callId: liveOf(id).call_id, sessionId: liveOf(id).session_id };
    }
  ],
  [
    'POST', '/api/v2/calls/:id/functions',
    ([id], body) => {
      const call = liveOf(id).call_id;
      if (!/^[0-9*#wWA-Da-d]+$/.test(body.args[0]))
        throw new Fault(422, 'invalid_digits', 'these are no keys: 0-9, *, #, A-D, w and W are');
      return { v: 1, ev: 'action.accepted', call, leg: 'a', id: body.id, name: body.name };
    }
  ],
  [
    'GET', '/api/v2/calls/:id/recording-url',
    ([id]) => ({
      recording_url: `http://elsewhere.example/recordings/${callOf(id).session_id}.wav?expires=1&signature=0`
    })
  ],
  ['GET', '/api/v2/agents', () => ({ agents: [...agents.values()] })],
  [
    'GET', '/api/v2/agent/:id',
    ([id]) => {
      if (!agents.has(id)) throw new Fault(404, 'no_such_agent', 'there is no such agent');
      return agents.get(id);
    }
  ],
  ['PUT', '/api/v2/agent/:id', ([id], body) => putAgent(id, body)],
  [
    'DELETE', '/api/v2/agent/:id',
    ([id]) => {
      agents.delete(id);
      return { message: 'Agent deleted' };
    }
  ],
  ['GET', '/api/v2/config/webhooks', () => ({ webhooks: [...endpoints.values()] })],
  ['POST', '/api/v2/config/webhooks', (_, body) => addEndpoint(body)],
  ['PATCH', '/api/v2/config/webhooks/:id', ([id], body) => Object.assign(endpointOf(id), body)],
  [
    'DELETE', '/api/v2/config/webhooks/:id',
    ([id]) => {
      endpointOf(id);
      endpoints.delete(id);
      return { message: 'Webhook deleted' };
    }
  ],
  [
    'POST', '/api/v2/config/webhooks/:id/rotate-secret',
    ([id]) => ({...endpointOf(id), secret: `whsec_${randomUUID().replaceAll('-', '')}` })
  ],
  ['GET', '/api/v2/deliveries', () => ({ deliveries })],
  [
    'POST', '/api/v2/deliveries/:report/resend',
    ([report]) => {
      const [endpoint] = endpoints.values();
      if (!endpoint)
        throw new Fault(
            409, 'no_endpoint', 'no endpoint is enabled: add one by POST /api/v2/config/webhooks');
      Object.assign(
          deliveries.find((delivery) => delivery.report_id === report),
          { label: endpoint.label, state: 'delivered', attempts: 1, outcome: '200' });
      return { message: 'Report queued', id: report };
    }
  ],
];

function match(pattern, target) {
  const wanted = pattern.split('/');
  const parts = target.split('/');
  if (wanted.length !== parts.length) return null;
  const names = [];
  for (const [index, part] of wanted.entries()) {
    if (part.startsWith(':'))
      names.push(decodeURIComponent(parts[index]));
    else if (part !== parts[index])
      return null;
  }
  return names;
}

function send(response, status, type, body, headers = {}) {
  response.writeHead(status, {
    'Content-Type': type,
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
    ...headers
  });
  response.end(body);
}

function sendFile(request, response, name) {
  let bytes;
  try {
    bytes = readFileSync(path.join(pageFolder, path.basename(name)));
  } catch {
    send(response, 404, 'text/plain', 'no such file\n');
    return;
  }
  const etag = `"${createHash('sha256').update(bytes).digest('hex')}"`;
  if (request.headers['if-none-match'] === etag)
    send(response, 304, 'text/plain', '', { ETag: etag });
  else
    send(
        response, 200, types[name.split('.').pop()] ?? 'application/octet-stream', bytes,
        { ETag: etag, 'Cache-Control': 'no-cache' });
}

function sendEvents(request, response, id) {
  const call = callOf(id);
  if (call.session_id.startsWith('past')) {
    send(response, 200, 'application/x-ndjson', `${live.lines.join('\n')}\n`);
    return;
  }
  if (!request.headers.accept?.includes('text/event-stream')) {
    send(response, 200, 'application/x-ndjson', live.come.map((line) => `${line}\n`).join(''));
    return;
  }
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  response.write(': keytone\n\n');
  let next = Number(request.headers['last-event-id'] ?? 0);
  const timer = setInterval(() => {
    const known = live.come;
    while (next < known.length) {
      next += 1;
      response.write(`id: ${next}\ndata: ${known[next - 1]}\n\n`);
    }
    if (cuts > 0 && next >= 20) {
      cuts -= 1;
      response.destroy();
    } else if (live.isOver) {
      response.end('event: end\ndata: {}\n\n');
    }
  }, 20);
  response.on('close', () => clearInterval(timer));
}

async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return parts.length > 0 ? JSON.parse(Buffer.concat(parts).toString()) : {};
}

const server = createServer(async (request, response) => {
  const url = new URL(request.url, 'http://mock');
  try {
    if (url.pathname === '/') return sendFile(request, response, 'index.html');
    if (url.pathname.startsWith('/page/')) return sendFile(request, response, url.pathname.slice(6));
    if (url.pathname.startsWith('/recordings/')) return send(response, 200, 'audio/wav', recording());
    if (request.headers.authorization !== `Bearer ${token}`)
      throw new Fault(401, 'unauthorized', 'the token is not known');
    const events = match('/api/v2/calls/:id/events', url.pathname);
    if (events) live.ask('events');
    if (events) return sendEvents(request, response, events[0]);
    for (const [method, pattern, answer] of routes) {
      const names = method === request.method ? match(pattern, url.pathname) : null;
      if (names) {
        live.ask(pattern.split('/').pop());
        const data = answer(names, await bodyOf(request), url.searchParams);
        return send(response, 200, 'application/json', JSON.stringify({ success: true, data }));
      }
    }
    throw new Fault(404, 'not_found', 'there is no such route');
  } catch (error) {
    return send(
        response, error.status ?? 500, 'application/json',
        JSON.stringify({ success: false, error: { code: error.code ?? 'failed', message: error.message } }));
  }
});
server.listen(Number(port), '127.0.0.1', () => console.log(`listening ${server.address().port}`));
