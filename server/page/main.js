// SPDX-License-Identifier: MIT
//
// The page: which view is shown at which address. Start reading here.
//
//     #/calls  #/calls/ID  #/agents  #/agents/ID  #/agents/+ (a new one)  #/endpoints

import {agentView} from './agent_view.js';
import {agentsView} from './agents_view.js';
import {callView} from './call_view.js';
import {callsView} from './calls_view.js';
import {announce, el} from './dom.js';
import {endpointsView} from './endpoints_view.js';
import {askToken, forgetToken, storedToken} from './token.js';

const content = document.getElementById('content');
const forget = document.getElementById('forget');
const views = {
  calls: (id) => (id ? callView : callsView),
  agents: (id) => (id ? agentView : agentsView),
  endpoints: () => endpointsView,
};

let leave = new AbortController();

function place() {
  const [, view = 'calls', ...id] = location.hash.replace(/^#/, '').split('/');
  let name = '';
  try {
    name = decodeURIComponent(id.join('/'));
  } catch {
    // No such thing: the list is shown.
  }
  return Object.hasOwn(views, view) ? { view, id: name } : { view: 'calls', id: '' };
}

/** Shows the view of the address. Its heading gets the focus, unless the page has just been opened. */
function open(isFirst) {
  const { view, id } = place();
  leave.abort();
  leave = new AbortController();
  for (const link of document.querySelectorAll('nav a')) {
    if (link.dataset.view === view)
      link.setAttribute('aria-current', 'page');
    else
      link.removeAttribute('aria-current');
  }
  const root = el('div', { class: `view ${view}` });
  content.replaceChildren(root);
  const title = views[view](id)(root, id, leave.signal);
  document.title = `${title} · keytone`;
  window.scrollTo(0, 0);
  if (!isFirst) {
    const heading = root.querySelector('h1');
    heading?.setAttribute('tabindex', '-1');
    heading?.focus();
    announce(title);
  }
}

forget.addEventListener('click', async () => {
  forgetToken();
  leave.abort();
  content.replaceChildren();
  forget.hidden = true;
  await start();
});

document.querySelector('.skip').addEventListener('click', (event) => {
  event.preventDefault();
  content.focus();
});

async function start() {
  if (!storedToken()) await askToken();
  forget.hidden = false;
  open(true);
}

// Before there was a token nothing is shown yet.
window.addEventListener('hashchange', () => {
  if (!forget.hidden) open(false);
});
start();
