// SPDX-License-Identifier: MIT
//
// The API's answers as the page uses them: the one place that knows their names.

const list = (data, name) => (Array.isArray(data) ? data : data?.[name] ?? []);
const time = (value) => {
  if (value === null || value === undefined || value === '') return null;
  const ms = typeof value === 'number' ? value : Date.parse(value);
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
    state: data.state ?? data.status ?? '',
    outcome: data.disposition ?? '',
    began: time(data.began_at ?? data.created_at),
    answered: time(data.answered_at),
    ended: time(data.ended_at),
    rate: data.sample_rate ?? 8000,
    jitterMs: data.jitter_ms ?? null,
    packetsIn: data.packets_in ?? 0,
    packetsLost: data.packets_lost ?? 0,
    packetsLate: data.packets_late ?? 0,
  };
}

export function callsOf(data) {
  return list(data, 'calls').map(callOf);
}

export function concurrencyOf(data) {
  return { active: data.active ?? 0, most: data.limit ?? data.max ?? 0 };
}

export function agentsOf(data) {
  return list(data, 'agents');
}

export function endpointsOf(data) {
  return list(data, 'webhooks').map((item) => ({
    id: item.id, label: item.label, url: item.url, isEnabled: item.enabled !== false,
    last: time(item.last_delivery_at), lastStatus: item.last_delivery_status ?? '',
    secret: item.secret,
  }));
}

export function deliveriesOf(data) {
  return list(data, 'deliveries').map((item) => ({
    report: item.report_id ?? item.report ?? item.id, call: item.call_id ?? '', session: item.session_id ?? '',
    label: item.label ?? '', state: item.state ?? item.status ?? '', attempts: item.attempts ?? 0,
    outcome: item.outcome ?? '', made: time(item.created_at ?? item.made_at),
  }));
}

export function isOver(call) {
  return call.ended !== null || call.state === 'ended' || call.state === 'completed';
}

/** Seconds that a call has lasted since its answer, or since it began. */
export function lengthOf(call, now = Date.now()) {
  const from = call.answered ?? call.began;
  return from === null ? 0 : ((call.ended ?? now) - from) / 1000;
}
