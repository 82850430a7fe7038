// SPDX-License-Identifier: MIT
//
// One agent's settings to edit, or a new agent.

import {
  allSettings,
  apiValue,
  fieldText,
  idFault,
  settingGroups,
  settingOf,
  usage
} from './agent_settings.js';
import {api} from './api.js';
import {el} from './dom.js';
import {confirm, Notice, run} from './notice.js';

/** A setting's field with its limit and the place for its error. */
class SettingField {
  constructor(setting) {
    this.setting = setting;
    const id = `setting-${setting.key}`;
    const described = [`${id}-hint`, `${id}-count`, `${id}-error`].join(' ');
    const common = { id, name: setting.key, 'aria-describedby': described, autocomplete: 'off' };
    this.input = this.#make(common);
    this.count = el('span', { id: `${id}-count`, class: 'count' });
    this.error = el('span', { id: `${id}-error`, class: 'fault' });
    const hint =
        el('small', { id: `${id}-hint` },
           setting.hint ?? (setting.kind === 'whole' ? `0 to ${setting.most}` : ''));
    const label = el('label', { for: id }, setting.label, el('code', {}, setting.key));
    this.node = setting.kind === 'flag' ?
        el('p', { class: 'check' }, this.input, label, this.error, hint, this.count) :
        el('p', { class: `field ${setting.kind}` }, el('span', { class: 'above' }, label, this.count),
           this.input, this.error, hint);
    this.input.addEventListener('input', () => this.#tell());
  }

  #make(common) {
    const { kind, choices } = this.setting;
    if (kind === 'flag') return el('input', {...common, type: 'checkbox' });
    if (kind === 'lines') return el('textarea', {...common, rows: this.setting.most > 500 ? 4 : 2 });
    if (kind === 'list') return el('textarea', {...common, rows: 3, spellcheck: 'false' });
    if (kind === 'choice')
      return el(
          'select', common, el('option', { value: '' }, 'default'),
          choices.map((choice) => el('option', { value: choice }, choice)));
    return el(
        'input',
        {...common, type: 'text', spellcheck: 'false', inputmode: kind === 'whole' ? 'numeric' : null });
  }

  get value() { return this.setting.kind === 'flag' ? this.input.checked : this.input.value; }

  /** What the API has. */
  set stored(value) {
    if (this.setting.kind === 'flag')
      this.input.checked = value ?? this.setting.key !== 'transferEnabled';
    else
      this.input.value = fieldText(this.setting, value);
    this.first = this.value;
    this.#tell();
  }

  get isChanged() { return this.value !== this.first; }

  fail(text) {
    this.error.textContent = text;
    this.input.setAttribute('aria-invalid', String(text !== ''));
  }

  #tell() {
    const used = this.setting.kind === 'flag' ? null : usage(this.setting, this.input.value);
    if (!used) return;
    this.count.textContent = `${used.used} of ${used.most} ${used.unit}`;
    this.count.classList.toggle('over', used.used > used.most);
  }
}

function newId() {
  const id = el('input', {
    id: 'agent-id',
    autocomplete: 'off',
    spellcheck: 'false',
    'aria-describedby': 'agent-id-hint agent-id-error'
  });
  const error = el('span', { id: 'agent-id-error', class: 'fault' });
  return {
    input: id,
    node:
        el('p', { class: 'field' },
           el('label', { for: 'agent-id' }, 'Id'),
           id, error,
           el('small', { id: 'agent-id-hint' },
              'Up to 64 letters, digits, dots, underscores and hyphens. It cannot be changed.')),
    fail(text) {
      error.textContent = text;
      id.setAttribute('aria-invalid', String(text !== ''));
    }
  };
}

export function agentView(root, id, signal) {
  const isNew = id === '+';
  const title = isNew ? 'New agent' : `Agent ${id}`;
  const fields = allSettings.map((setting) => new SettingField(setting));
  const byKey = new Map(fields.map((field) => [field.setting.key, field]));
  const notice = new Notice();
  const idField = isNew ? newId() : null;
  const save = el('button', { type: 'submit', class: 'main' }, isNew ? 'Create' : 'Save');

  function fill(agent) {
    for (const field of fields) field.stored = agent[field.setting.key];
  }

  function place(error) {
    const setting = [400, 413, 422].includes(error.status) ? settingOf(error.message) : null;
    const field = setting && byKey.get(setting.key);
    if (!field) throw error;
    field.fail(error.message);
    field.input.focus();
    throw new Error('Not saved: one setting is not accepted.');
  }

  async function store() {
    for (const field of fields) field.fail('');
    idField?.fail('');
    const agent = isNew ? idField.input.value.trim() : id;
    if (isNew && idFault(agent)) {
      idField.fail(idFault(agent));
      idField.input.focus();
      throw new Error('Not created: the id is not accepted.');
    }
    if (isNew && (await api.agent(agent).then(() => true, (error) => {
          if (error.status !== 404) throw error;
          return false;
        }))) {
      idField.fail('There is an agent of this id already.');
      idField.input.focus();
      throw new Error('Not created: the id is taken.');
    }
    const changed = fields.filter((field) => field.isChanged);
    const settings =
        Object.fromEntries(changed.map((field) => [field.setting.key, apiValue(field.setting, field.value)]));
    if (changed.length === 0 && !isNew) return 'Nothing has changed.';
    try {
      fill(await api.putAgent(agent, settings));
    } catch (error) {
      place(error);
    }
    if (isNew) {
      location.hash = `#/agents/${encodeURIComponent(agent)}`;
      return undefined;
    }
    return `Saved: ${changed.map((field) => field.setting.key).join(', ')}.`;
  }

  const remove = el('button', { type: 'button', class: 'danger' }, 'Delete the agent');
  remove.addEventListener('click', async () => {
    if (!await confirm(`Delete the agent ${id}?`, 'Delete it')) return;
    run(remove, notice, async () => {
      await api.removeAgent(id);
      location.hash = '#/agents';
      return undefined;
    });
  });
  const form =
      el('form', {
        class: 'settings',
        novalidate: true,
        onsubmit: (event) => {
          event.preventDefault();
          run(save, notice, store);
        }
      },
         idField?.node,
         el('div', { class: 'groups' },
            settingGroups.map(
                (group) =>
                    el('fieldset', {}, el('legend', {}, group.title),
                       group.settings.map((setting) => byKey.get(setting.key).node)))),
         el('div', { class: 'buttons sticky' }, save, isNew ? null : remove, notice.node));
  root.append(el('p', { class: 'back' }, el('a', { href: '#/agents' }, 'Agents')), el('h1', {}, title), form);
  fill({});
  if (!isNew) {
    form.inert = true;
    api.agent(id, signal)
        .then(
            (agent) => {
              fill(agent);
              form.inert = false;
            },
            (error) => {
              if (!signal.aborted) notice.fail(error);
            });
  }
  return title;
}
