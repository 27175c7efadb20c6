import { ApiError, useBrowser, useToken } from './api.js';
import { el, field } from './dom.js';

/** @param {unknown} error @param {() => void} again */
export function problemOf(error, again) {
  const status = error instanceof ApiError ? error.status : -1;
  const message = error instanceof Error ? error.message : String(error);
  const retry = el('button', { type: 'button' }, 'Try again');
  retry.addEventListener('click', again);
  if (status === 401) {
    return problem('The service wants to know who you are.', message, signIn(again));
  }
  if (status === 403) return problem('You may not see this.', message, signIn(again));
  if (status === 404) return problem('This does not exist, or you may not see it.', message, retry);
  if (status === 0) return problem('The service cannot be reached.', message, retry);
  return problem('This did not work.', message, retry);
}

/** @param {string} title @param {string} message @param {...Node} children */
function problem(title, message, ...children) {
  return el(
    'section',
    { class: 'problem', role: 'alert' },
    el('h2', {}, title),
    el('p', {}, message),
    ...children,
  );
}

/** @param {() => void} again */
function signIn(again) {
  const token = el('input', {
    type: 'password',
    name: 'token',
    autocomplete: 'off',
    spellcheck: 'false',
    required: '',
  });
  const browser = el('button', { type: 'button' }, 'By password or certificate, as the browser asks');
  browser.addEventListener('click', () => {
    useBrowser();
    again();
  });
  const form = el(
    'form',
    {},
    field('Token, of this service or of Keystone', token),
    el('button', {}, 'Use it'),
    browser,
    el('p', { class: 'quiet' }, 'A token is kept until this tab is closed.'),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    useToken(token.value.trim());
    again();
  });
  return form;
}
