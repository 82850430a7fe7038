// SPDX-License-Identifier: MIT
//
// What the API's answers have, for the page: held against the mock and against the program, so that neither
// drifts from the other. A type's `?`: it may be null.

import assert from 'node:assert/strict';

const callShape = {
  call_id: 'string',
  session_id: 'string',
  agent_id: 'string',
  from_number: 'string',
  to_number: 'string',
  direction: 'string',
  state: 'string',
  status: 'string?',
  disposition: 'string?',
  began_at: 'time',
  answered_at: 'time?',
  ended_at: 'time?',
};
const lineShape = {
  jitter_ms: 'number',
  packets_in: 'number',
  packets_lost: 'number',
  packets_late: 'number'
};
/** A call has its line's figures while the server has it in memory, for a moment after its end, too. */
const shapeOf = (call) => ('jitter_ms' in call ? {...callShape, ...lineShape } : callShape);
const agentShape = {
  id: 'string',
  name: 'string',
  agentUrl: 'string?',
  shape: 'string',
  rate: 'number',
  numbers: ['string'],
  grace: 'number',
  answer_after: 'number',
  message: 'string?',
  record: 'boolean',
  authToken: 'string?',
  max_calls: 'number?',
  calls_per_minute: 'number?',
  transferEnabled: 'boolean',
  transferNumber: 'string?',
  transferMessage: 'string?',
  transfer_instructions: 'string?',
  allow: ['string'],
  mute_keys: 'boolean',
  on_machine: 'string',
  machine_message: 'string?',
  endCallEnabled: 'boolean',
  endCallMessage: 'string?',
  end_call_instructions: 'string?',
  createdAt: 'time',
  updatedAt: 'time',
};
const endpointShape = {
  id: 'string',
  label: 'string',
  url: 'string',
  enabled: 'boolean',
  last_delivery_at: 'time?',
  last_delivery_status: 'string?',
  created_at: 'time',
  updated_at: 'time',
};
const deliveryShape = {
  report_id: 'string',
  call_id: 'string',
  session_id: 'string',
  made_at: 'time',
  label: 'string?',
  state: 'string',
  attempts: 'number',
  outcome: 'string?',
};

function assertShape(value, shape, place) {
  if (Array.isArray(shape)) {
    assert.ok(Array.isArray(value), `${place} is no list`);
    for (const [index, item] of value.entries()) assertShape(item, shape[0], `${place}/${index}`);
  } else if (typeof shape === 'function') {
    assertShape(value, shape(value), place);
  } else if (typeof shape === 'object') {
    assert.deepEqual(Object.keys(value).sort(), Object.keys(shape).sort(), `the keys of ${place}`);
    for (const [key, inner] of Object.entries(shape)) assertShape(value[key], inner, `${place}/${key}`);
  } else if (!(shape.endsWith('?') && value === null)) {
    const kind = shape.replace('?', '');
    assert.equal(typeof value, kind === 'time' ? 'string' : kind, `${place} is ${JSON.stringify(value)}`);
    if (kind === 'time') assert.match(value, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, place);
  }
}

class Asker {
  constructor(base, token) { Object.assign(this, { base, token }); }

  async answer(path, method = 'GET', token = this.token) {
    const response = await fetch(
        `${this.base}/api/v2/${path}`, { method, headers: { Authorization: `Bearer ${token}` } });
    return { status: response.status, body: await response.json() };
  }

  async data(path, shape) {
    const { status, body } = await this.answer(path);
    assert.equal(status, 200, path);
    assert.deepEqual(Object.keys(body).sort(), ['data', 'success'], path);
    assertShape(body.data, shape, path);
    return body.data;
  }

  async fault(path, wanted, ...more) {
    const { status, body } = await this.answer(path, ...more);
    assert.equal(status, wanted, path);
    assertShape(body, { success: 'boolean', error: { code: 'string', message: 'string' } }, path);
    assert.equal(body.success, false, path);
  }
}

/** While a call is under way. */
export async function assertLiveShapes(base, token) {
  const asker = new Asker(base, token);
  await asker.data('calls/concurrency', { active: 'number', limit: 'number', available: 'number' });
  const live = {...callShape, ...lineShape };
  const { calls } = await asker.data('calls?state=live&limit=1', { calls: [live] });
  assert.equal(calls.length, 1);
  const { status, body } = await asker.answer(`calls/${calls[0].call_id}`);
  assert.equal(status, 200);
  assertShape(body.data, {...live, report: 'object?' }, 'the live call');
  assert.equal(body.data.report, null);
}

/** Once a call is over, with an agent, an endpoint and a report there. */
export async function assertShapes(base, token) {
  const asker = new Asker(base, token);
  const { calls } = await asker.data('calls?state=ended&limit=1', { calls: [shapeOf] });
  const [{ call_id: id }] = calls;
  const call =
      await asker.data(`calls/${id}`, (found) => ({...shapeOf(found), report: 'object' }));
  assertShape(
      call.report, { event: 'string', timestamp: 'time', data: 'object' }, 'the report of the call');
  const url = await asker.data(`calls/${id}/recording-url`, { recording_url: 'string' });
  assert.match(url.recording_url, /^http.*\/recordings\/[^/]+\.wav\?expires=\d+&signature=/);
  const { agents } = await asker.data('agents', { agents: [agentShape] });
  await asker.data(`agent/${agents[0].id}`, agentShape);
  const { webhooks } = await asker.data('config/webhooks', { webhooks: [endpointShape] });
  const { deliveries } = await asker.data('deliveries', { deliveries: [deliveryShape] });
  assert.ok(agents.length > 0 && webhooks.length > 0 && deliveries.length > 0);
  await asker.fault('calls/nobody', 404);
  await asker.fault('agent/nobody', 404);
  await asker.fault(`calls/${id}`, 400, 'DELETE');
  await asker.fault('calls', 401, 'GET', 'rg_live_wrong');
}
