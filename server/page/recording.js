// SPDX-License-Identifier: MIT
//
// A call's recording, once the call is over. Its address is asked for when it is wanted.

import {api, ApiError} from './api.js';
import {el} from './dom.js';
import {Notice, run} from './notice.js';

/** The recording's address on the server that the page came from, however others reach that. */
function ownAddress(url) {
  const { pathname, search } = new URL(url, location.href);
  return `${pathname.replace(/^\/+/, '/')}${search}`;
}

export function recordingSection(call) {
  const notice = new Notice();
  const player = el('div', { class: 'player' });
  const button = el('button', { type: 'button' }, 'Load the recording');
  const hint = el('p', { class: 'empty' }, 'It is here when the call is over.');
  button.hidden = true;
  button.addEventListener(
      'click', () => run(button, notice, async () => {
                 let url;
                 try {
                   url = (await api.recordingUrl(call)).recording_url;
                 } catch (error) {
                   if (error instanceof ApiError && error.status === 404)
                     return 'There is no recording of this call.';
                   throw error;
                 }
                 if (!url) return 'There is no recording of this call.';
                 const address = ownAddress(url);
                 const audio = el('audio', {
                   controls: true,
                   preload: 'metadata',
                   src: address,
                   'aria-label': 'Recording: the caller left, the agent right'
                 });
                 audio.addEventListener('error', () => notice.fail('The recording cannot be played.'));
                 player.replaceChildren(
                     audio, el('a', { href: address, download: `${call}.wav` }, 'Save as WAV'));
                 button.hidden = true;
                 audio.focus();
                 return undefined;
               }));
  return {
    node:
        el('section', { class: 'panel', 'aria-labelledby': 'recording-title' },
           el('h2', { id: 'recording-title' }, 'Recording'), hint, button, player, notice.node),
    setOver(isOver) {
      hint.hidden = isOver;
      button.hidden = !isOver || player.childElementCount > 0;
    },
  };
}
