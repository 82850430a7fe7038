// SPDX-License-Identifier: MIT
//
// One call, as it happens or as it was.

import {api} from './api.js';
import {callActions} from './call_actions.js';
import {CallStory} from './call_story.js';
import {stateBadge} from './calls_view.js';
import {announce, el, show} from './dom.js';
import {EventList} from './event_list.js';
import {followEvents} from './event_stream.js';
import {duration, lineWords, moment, party, plain, when} from './format.js';
import {callOf, isOver, lengthOf, stateOf} from './forms.js';
import {Notice} from './notice.js';
import {recordingSection} from './recording.js';
import {repeat} from './repeat.js';
import {TimelineSection} from './timeline_section.js';

const refresh = 2000;
/** Events after which the call's state is another: it is asked for at once. */
const turns = ['leg.changed', 'intent', 'action.started', 'action.failed', 'session.completed'];
const connections = {
  live: 'live',
  waiting: 'connection lost, trying again',
  polling: 'asking every 2 s',
  over: 'complete',
};

/** Figures that change, each under its name. */
class Figures {
  #values = {};

  constructor(names) {
    this.node = el(
        'dl', { class: 'figures' },
        Object.entries(names).map(
            ([name, title]) => el('div', {}, el('dt', {}, title), this.#values[name] = el('dd', {}, '–'))));
  }

  set(name, text) {
    if (this.#values[name].textContent !== text) this.#values[name].textContent = text;
  }
}

function wordsSection(story) {
  const list = el('ol', { class: 'words' });
  const empty = el('p', { class: 'empty' }, 'Nothing was said yet.');
  const update = () => {
    const spoken = [
      ...story.legs.a.words.map((words) => ({...words, leg: 'a' })),
      ...story.legs.b.words.map((words) => ({...words, leg: 'b' }))
    ].sort((one, other) => one.from - other.from);
    empty.hidden = spoken.length > 0;
    list.hidden = spoken.length === 0;
    show(
        list, spoken.map((words) => `${words.from}${words.state}`).join(),
        () => spoken.map(
            (words) =>
                el('li', { class: words.state }, el('time', {}, moment(words.from)),
                   el('span', {}, words.text,
                      words.state === 'cancelled' || words.state === 'failed' ?
                          el('em', {}, ` (${words.state})`) :
                          null,
                      words.leg === 'b' ? el('em', {}, ' (to leg b)') : null))));
  };
  return {
    update,
    node:
        el('section', { class: 'panel', 'aria-labelledby': 'words-title' },
           el('h2', { id: 'words-title' }, 'Words spoken'), list, empty)
  };
}

export function callView(root, id, signal) {
  const story = new CallStory();
  const heading = el('h1', { tabindex: -1 }, id);
  const badge = el('span', { class: 'state' });
  const link = el('span', { class: 'connection' });
  const about = el('p', { class: 'about' });
  const trouble = new Notice();
  const figures = new Figures({
    length: 'Length',
    jitter: 'Jitter',
    lost: 'Lost',
    late: 'Late',
    sent: 'Keys sent',
    heard: 'Keys heard'
  });
  const timeline = new TimelineSection(story);
  const words = wordsSection(story);
  const events = new EventList();
  const actions = callActions(id);
  const recording = recordingSection(id);
  let call = null;
  let toldState = '';

  function showCall() {
    const state = stateOf(call);
    const { jitter, lost, late } = lineWords(call.line);
    show(
        heading, `${call.from} ${call.to}`,
        () =>
            [party(call.from), el('span', { class: 'arrow', role: 'img', 'aria-label': ' to ' }, '→'),
             party(call.to)]);
    show(badge, state, () => stateBadge(state));
    show(
        about, `${call.agent} ${call.began} ${story.transferredTo}`,
        () =>
            [`${plain(call.direction) || 'call'}, `, 'agent ',
             call.agent ? el('a', { href: `#/agents/${encodeURIComponent(call.agent)}` }, call.agent) : '–',
             call.began === null ? '' : `, since ${when(call.began)}, `, el('code', {}, call.id),
             story.transferredTo ? `, transferred to ${party(story.transferredTo)}` : '']);
    figures.set('jitter', jitter);
    figures.set('lost', lost);
    figures.set('late', late);
    if (state !== toldState) {
      if (toldState) announce(`The call is ${plain(state)}.`);
      toldState = state;
    }
    if (isOver(call) && !actions.node.hidden) {
      const hadFocus = actions.node.contains(document.activeElement);
      actions.node.hidden = true;
      if (hadFocus) heading.focus();
    }
    recording.setOver(isOver(call));
    timeline.setCall(call);
    root.classList.toggle('over', isOver(call));
    document.title = `${party(call.from)} → ${party(call.to)} · keytone`;
  }

  function showStory() {
    const keys = (name) => [...story.legs.a[name], ...story.legs.b[name]];
    figures.set('sent', String(keys('sent').filter((key) => key.state !== 'planned').length));
    figures.set('heard', String(keys('heard').length));
    words.update();
    timeline.draw();
    if (call) showCall();
  }

  // However many events come together, the call is asked for once.
  let isAsked = false;
  async function loadSoon() {
    if (isAsked) return;
    isAsked = true;
    await new Promise((resolve) => setTimeout(resolve, 100));
    isAsked = false;
    // What fails is tried again by the refresh.
    if (!signal.aborted && !(call && isOver(call))) await load().catch(() => {});
  }

  async function load() {
    const last = call?.line ?? null; // What a call that is over is not asked for any more.
    call = callOf(await api.call(id, signal));
    call.line ??= last;
    showCall();
    return isOver(call);
  }

  root.append(
      el('p', { class: 'back' }, el('a', { href: '#/calls' }, 'Calls')),
      el('header', { class: 'call-head' }, el('div', {}, heading, about),
         el('p', { class: 'now-state' }, badge, link)),
      trouble.node, figures.node, timeline.node,
      el('div', { class: 'columns' },
         el('div', {}, el('div', { class: 'pair' }, words.node, recording.node), events.node), actions.node));

  repeat(refresh, signal, async () => {
    if (call && isOver(call)) return;
    try {
      await load();
      trouble.clear();
    } catch (error) {
      if (!signal.aborted) trouble.fail(error);
    }
  });
  repeat(250, signal, async () => {
    if (!call) return;
    figures.set('length', duration(lengthOf(call)));
    if (!isOver(call)) timeline.draw();
  });
  followEvents(id, {
    signal,
    isOver: load,
    onState: (state) => {
      link.textContent = connections[state];
      link.className = `connection ${state}`;
    },
    onEvents: (fresh) => {
      const items = fresh.map((event) => story.add(event));
      timeline.heard(items);
      events.add(items);
      showStory();
      if (fresh.some((event) => turns.includes(event.ev))) loadSoon();
    },
  })
      .then(() => signal.aborted || load())
      .catch((error) => {
        if (!signal.aborted) trouble.fail(error);
      });
  return 'Call';
}
