// SPDX-License-Identifier: MIT
//
// An agent's settings: their kinds, limits and words. The API checks them again, and its word counts.

import {characters} from './format.js';

/**
 * `kind`: text, lines (many), list (one entry a line), flag, whole, choice. `most`: characters, entries
 * or the greatest number. An empty field resets a setting to
 * its default, but where `isWholeText`.
 */
export const settingGroups = [
  {
    title: 'Agent',
    settings: [
      {key: 'name', label: 'Name', kind: 'text', most: 100},
      {
        key: 'agentUrl',
        label: 'Its WebSocket',
        kind: 'text',
        most: 2048,
        hint: 'ws:// or wss://; empty: the one of the configuration'
      },
      {key: 'shape', label: 'Shape', kind: 'choice', choices: ['keytone', 'twilio']},
      {
        key: 'rate',
        label: 'Samples a second',
        kind: 'choice',
        choices: ['8000', '16000'],
        isNumber: true,
        hint: '16000 in keytone’s shape only'
      },
      {
        key: 'authToken',
        label: 'Secret that requests to it are signed with',
        kind: 'text',
        most: 256,
        hint: '“set” where there is one, which is never shown'
      },
      {
        key: 'numbers',
        label: 'Numbers and users it answers',
        kind: 'list',
        most: 100,
        hint: 'one a line; its id is always one'
      },
    ]
  },
  {
    title: 'Transfer',
    settings: [
      {key: 'transferEnabled', label: 'The agent may transfer', kind: 'flag'},
      {
        key: 'transferNumber',
        label: 'Number',
        kind: 'text',
        most: 32,
        hint: 'E.164, such as +15551234567; required where it may transfer'
      },
      {key: 'transferMessage', label: 'Message before a transfer', kind: 'lines', most: 500},
      {key: 'transfer_instructions', label: 'When to transfer, for the model', kind: 'lines', most: 2000},
      {
        key: 'allow',
        label: 'Whom it may transfer to',
        kind: 'list',
        most: 64,
        hint: 'one a line: transferNumber, first digits such as +1415, sip:example.com; empty: anybody'
      },
      {
        key: 'mute_keys',
        label: 'Afterwards neither side hears the other’s keys',
        kind: 'flag',
        hint: 'and each hears the other 30 ms later'
      },
      {
        key: 'on_machine',
        label: 'Where a machine answers',
        kind: 'choice',
        choices: ['bridge', 'hangup', 'leave_message'],
        hint: 'unless the transfer says so itself'
      },
      {
        key: 'machine_message',
        label: 'Message that is left on a machine',
        kind: 'lines',
        most: 500,
        hint: 'required for leave_message'
      },
    ]
  },
  {
    title: 'End of the call',
    settings: [
      {key: 'endCallEnabled', label: 'The agent may hang up', kind: 'flag'},
      {key: 'endCallMessage', label: 'Message before the end', kind: 'lines', most: 500},
      {key: 'end_call_instructions', label: 'When to end the call, for the model', kind: 'lines', most: 2000},
    ]
  },
  {
    title: 'Calls',
    settings: [
      {key: 'record', label: 'Calls are recorded', kind: 'flag'},
      {key: 'answer_after', label: 'Seconds a call waits for its agent', kind: 'whole', most: 3600},
      {key: 'grace', label: 'Seconds a call is kept whose agent is gone', kind: 'whole', most: 3600},
      {
        key: 'message',
        label: 'What the caller is told then',
        kind: 'lines',
        most: 500,
        isWholeText: true,
        hint: 'empty: nothing'
      },
      {key: 'max_calls', label: 'Calls at once', kind: 'whole', most: 10_000},
      {key: 'calls_per_minute', label: 'Calls placed a minute', kind: 'whole', most: 10_000},
    ]
  },
];

export const allSettings = settingGroups.flatMap((group) => group.settings);

const idForm = /^[A-Za-z0-9._-]{1,64}$/;

export function idFault(id) {
  return idForm.test(id) ? '' : 'An id is 1 to 64 letters, digits, dots, underscores and hyphens.';
}

/** How a value of the API stands in its field. */
export function fieldText(setting, value) {
  if (value === null || value === undefined) return '';
  if (setting.kind === 'list') return Array.isArray(value) ? value.join('\n') : String(value);
  return String(value);
}

/** What a field's text is for the API; an empty one resets. */
export function apiValue(setting, text) {
  if (setting.kind === 'flag') return text;
  if (setting.kind === 'list')
    return text.split('\n').map((line) => line.trim()).filter((line) => line !== '');
  if (text === '') return setting.isWholeText ? '' : null;
  // A number that is none is left as it is: the API says what is wrong.
  if (setting.kind === 'whole' || setting.isNumber) return /^\d+$/.test(text) ? Number(text) : text;
  return text;
}

/** How much of a limit is used: `{used, most, unit}`; null where there is none to count. */
export function usage(setting, text) {
  if (setting.kind === 'list') {
    return { used: apiValue(setting, text).length, most: setting.most, unit: 'entries' };
  }
  return setting.kind === 'text' || setting.kind === 'lines' ?
      { used: characters(text), most: setting.most, unit: 'characters' } :
      null;
}

/** The setting whose place an error of the API begins with, as in `/transferNumber: …`; null where none. */
export function settingOf(message) {
  const [, key] = /^\/?([A-Za-z_]+)/.exec(message) ?? [];
  return allSettings.find((setting) => setting.key === key) ?? null;
}
