// SPDX-License-Identifier: MIT
//
// The API's routes, one function each. docs/live.md describes them.

import {askToken, forgetToken, storedToken} from './token.js';

export class ApiError extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

async function tokenOrAsk() { return storedToken() ?? askToken(); }

/** A request with the token. Where the server refuses the token it is asked for again. */
export async function request(
    path, {method = 'GET', body, accept = 'application/json', headers = {}, signal} = {}) {
  for (;;) {
    const token = await tokenOrAsk();
    const all = { Authorization: `Bearer ${token}`, Accept: accept, ...headers };
    if (body !== undefined) all['Content-Type'] = 'application/json';
    let response;
    try {
      response = await fetch(path, {
        method,
        headers: all,
        signal,
        cache: 'no-store',
        redirect: 'error',
        credentials: 'omit',
        body: body === undefined ? undefined : JSON.stringify(body),
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new ApiError(0, 'unreachable', 'The server does not answer.');
    }
    if (response.status !== 401) return response;
    // Another request may have got a new token meanwhile.
    if (storedToken() === token) {
      forgetToken();
      await askToken('The server does not know this token.');
    }
  }
}

async function refusal(response) {
  let told = {};
  try {
    told = (await response.json()).error ?? {};
  } catch {
    // No JSON: the status has to do.
  }
  return new ApiError(
      response.status, told.code ?? 'failed', told.message ?? `The server answered ${response.status}.`);
}

/** A request whose answer is `{success, data}`: the data. */
async function ask(path, options) {
  const response = await request(path, options);
  if (!response.ok) throw await refusal(response);
  if (response.status === 204) return {};
  const answer = await response.json();
  return answer.data ?? answer;
}

const id = encodeURIComponent;

export const api = {
  concurrency: (signal) => ask('/api/v2/calls/concurrency', {signal}),
  calls: (query, signal) => {
    const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
    return ask(`/api/v2/calls?${new URLSearchParams(given)}`, { signal });
  },
  call: (call, signal) => ask(`/api/v2/calls/${id(call)}`, {signal}),
  recordingUrl: (call) => ask(`/api/v2/calls/${id(call)}/recording-url`),
  transfer: (call, to) => ask(`/api/v2/calls/${id(call)}/transfer`, {method: 'POST', body: to ? {to} : {}}),
  /** The line of its first outcome; an ApiError where that is a refusal. */
  callFunction: (call, line) => ask(`/api/v2/calls/${id(call)}/functions`, {method: 'POST', body: line}),
  end: (call) => ask(`/api/v2/calls/${id(call)}`, {method: 'DELETE'}),
  events: (call, options) => request(`/api/v2/calls/${id(call)}/events`, options),
  agents: (signal) => ask('/api/v2/agents', {signal}),
  agent: (agent, signal) => ask(`/api/v2/agent/${id(agent)}`, {signal}),
  putAgent: (agent, settings) => ask(`/api/v2/agent/${id(agent)}`, {method: 'PUT', body: settings}),
  removeAgent: (agent) => ask(`/api/v2/agent/${id(agent)}`, {method: 'DELETE'}),
  endpoints: (signal) => ask('/api/v2/config/webhooks', {signal}),
  addEndpoint: (label, url) => ask('/api/v2/config/webhooks', {method: 'POST', body: {label, url}}),
  changeEndpoint: (endpoint, what) =>
      ask(`/api/v2/config/webhooks/${id(endpoint)}`, {method: 'PATCH', body: what}),
  rotateSecret: (endpoint) => ask(`/api/v2/config/webhooks/${id(endpoint)}/rotate-secret`, {method: 'POST'}),
  removeEndpoint: (endpoint) => ask(`/api/v2/config/webhooks/${id(endpoint)}`, {method: 'DELETE'}),
  deliveries: (signal) => ask('/api/v2/deliveries', {signal}),
  resend: (report) => ask(`/api/v2/deliveries/${id(report)}/resend`, {method: 'POST'}),
};
