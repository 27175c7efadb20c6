/** The API of the service that this page is from, also below a path of a proxy. */
const ROOT = new URL('../', import.meta.url);
const TOKEN = 'ferrule-token';
const BROWSER = 'ferrule-browser';
/** Milliseconds. */
const LIMIT = 30_000;

export class ApiError extends Error {
  /** @param {number} status 0: there was no answer. @param {string} message */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** Until the tab is closed. */
export function hasToken() {
  return sessionStorage.getItem(TOKEN) !== null;
}

/** @param {string} token of `token` or of Keystone; empty to forget it. */
export function useToken(token) {
  sessionStorage.removeItem(BROWSER);
  if (token === '') sessionStorage.removeItem(TOKEN);
  else sessionStorage.setItem(TOKEN, token);
}

/** The browser sends what it has, a certificate or a password, for which it asks by itself. */
export function useBrowser() {
  sessionStorage.removeItem(TOKEN);
  sessionStorage.setItem(BROWSER, 'yes');
}

/**
 * As nobody until the user has chosen: a browser that asks for a password would not let those with a token in.
 * @param {string} path @param {RequestInit} [options]
 */
export async function send(path, { headers = {}, ...options } = {}) {
  const token = sessionStorage.getItem(TOKEN);
  const url = new URL(path, ROOT);
  /** @type {Response} */
  let response;
  try {
    response = await fetch(url, {
      cache: 'no-store',
      redirect: 'error',
      credentials: sessionStorage.getItem(BROWSER) === null ? 'omit' : 'same-origin',
      headers: {
        Accept: 'application/problem+json, */*',
        'X-OpenStack-Ironic-API-Version': 'latest',
        ...(token === null ? {} : { 'X-Auth-Token': token }),
        ...headers,
      },
      ...options,
    });
  } catch (error) {
    if (options.signal?.aborted === true && !isTimeout(options.signal)) throw error;
    throw new ApiError(0, 'The service does not answer.');
  }
  if (response.ok) return response;
  throw new ApiError(response.status, await messageOf(response));
}

/** @param {string} path @param {AbortSignal} signal @param {string} [method] @returns {Promise<unknown>} */
export async function ask(path, signal, method = 'GET') {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(LIMIT)]);
  const response = await send(path, { method, signal: limited });
  try {
    return await response.json();
  } catch (error) {
    if (signal.aborted) throw error;
    throw new ApiError(0, 'The answer of the service broke off.');
  }
}

/** @param {AbortSignal} signal */
function isTimeout({ reason }) {
  return reason instanceof DOMException && reason.name === 'TimeoutError';
}

/** @param {Response} response */
async function messageOf(response) {
  const text = await response.text().catch(() => '');
  try {
    const body = JSON.parse(text);
    return String(body.detail ?? body.title ?? body.error_message ?? text);
  } catch {
    return `The answer is ${response.status}.`;
  }
}

/** @param {string} path @param {Readonly<Record<string, string | number | null | undefined>>} query without empty values. */
export function withQuery(path, query) {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === null || value === '' ? [] : [[name, String(value)]],
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}
