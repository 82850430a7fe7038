// SPDX-License-Identifier: MIT
//
// The API's answers as the page uses them: the one place that knows their names.

const time = (text) => {
  const ms = Date.parse(text ?? '');
  return Number.isFinite(ms) ? ms : null;
};

export function callOf(data) {
  return {
    id: data.call_id,
    session: data.session_id,
    agent: data.agent_id ?? '',
    from: data.from_number ?? '',
    to: data.to_number ?? '',
    direction: data.direction ?? '',
    state: data.state ?? '',
    outcome: data.disposition ?? data.status ?? '',
    began: time(data.began_at),
    answered: time(data.answered_at),
    ended: time(data.ended_at),
    // Null once the call is over.
    line: data.jitter_ms === undefined ?
        null :
        { jitterMs: data.jitter_ms, in : data.packets_in, lost: data.packets_lost, late: data.packets_late },
  };
}

export function callsOf(data) { return data.calls.map(callOf); }

export function concurrencyOf(data) { return { active: data.active ?? 0, most: data.limit ?? 0 }; }

export function agentsOf(data) { return data.agents; }

export function endpointOf(data) {
  return {
    id: data.id,
    label: data.label,
    url: data.url,
    isEnabled: data.enabled,
    last: time(data.last_delivery_at),
    lastStatus: data.last_delivery_status ?? '',
    secret: data.secret, // Of a new one, or a new secret.
  };
}

export function endpointsOf(data) { return data.webhooks.map(endpointOf); }

export function deliveriesOf(data) {
  return data.deliveries.map((item) => ({
    report: item.report_id,
    call: item.call_id ?? '',
    label: item.label ?? '',
    state: item.state ?? '',
    attempts: item.attempts ?? 0,
    outcome: item.outcome ?? '',
    made: time(item.made_at),
  }));
}

export function isOver(call) { return call.state === 'ended'; }

/** What a call's state is called: while it lasts, and then how it ended. */
export function stateOf(call) { return isOver(call) ? call.outcome || call.state : call.state; }

/** Seconds that a call has lasted since its answer, or since it began. */
export function lengthOf(call, now = Date.now()) {
  const from = call.answered ?? call.began;
  return from === null ? 0 : ((call.ended ?? now) - from) / 1000;
}
