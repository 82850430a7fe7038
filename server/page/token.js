// SPDX-License-Identifier: MIT
//
// The token: asked for once, kept for this tab, or in this browser where that is wished.

const name = 'keytone.token';

let asking = null;

export function storedToken() { return sessionStorage.getItem(name) ?? localStorage.getItem(name); }

function keep(token, isRemembered) {
  sessionStorage.setItem(name, token);
  if (isRemembered)
    localStorage.setItem(name, token);
  else
    localStorage.removeItem(name);
}

export function forgetToken() {
  sessionStorage.removeItem(name);
  localStorage.removeItem(name);
}

/** What is wrong with a token before it is sent: a header takes visible ASCII only. */
function faultOf(token) {
  if (token === '') return 'Type the token.';
  return /^[\x21-\x7e]+$/.test(token) ? '' : 'A token has letters, digits and signs only, without spaces.';
}

/**
 * Asks for the token. However many ask at once, there is one dialog; it ends with the token. `fault`
 * says why the last one was not taken.
 */
export function askToken(fault = '') {
  const dialog = document.getElementById('token-dialog');
  const error = document.getElementById('token-error');
  const input = document.getElementById('token');
  const tell = (text) => {
    error.textContent = text;
    input.setAttribute('aria-invalid', String(text !== ''));
  };
  if (asking) {
    return asking;
  }
  tell(fault);
  asking = new Promise((resolve) => {
    const form = document.getElementById('token-form');
    const submit = (event) => {
      event.preventDefault();
      const token = input.value.trim();
      const wrong = faultOf(token);
      if (wrong) {
        tell(wrong);
        input.focus();
        return;
      }
      keep(token, document.getElementById('remember').checked);
      input.value = '';
      form.removeEventListener('submit', submit);
      dialog.close();
      asking = null;
      resolve(token);
    };
    form.addEventListener('submit', submit);
    // Without a token there is nothing to see: the dialog stays.
    dialog.oncancel = (event) => event.preventDefault();
    dialog.onclose = () => {
      if (asking) dialog.showModal();
    };
    dialog.showModal();
    input.focus();
  });
  return asking;
}
