import { ApiError, send } from './api.js';

/** @import { Job } from './types.js' */

/** Milliseconds. The service sends something every 15 s. */
const SILENCE = 45_000;
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;
/** Statuses below 500 after which trying again makes sense. */
const PASSING = [408, 429];

/**
 * @typedef {object} Follower
 * @property {(job: Job) => void} onJob
 * @property {() => Promise<void> | void} onBegin changes from before this are not told. If it fails, the connection is
 *   made anew.
 * @property {(isConnected: boolean) => void} onConnection
 */

/**
 * Follows jobs through broken connections, until the signal aborts or the service says that there is no more. With `fetch`,
 * since `EventSource` sends no token.
 * @param {string} path @param {AbortSignal} signal @param {Follower} follower
 * @throws {ApiError} for what trying again does not change.
 */
export async function follow(path, signal, { onJob, onBegin, onConnection }) {
  let lastId = '';
  let pause = FIRST_PAUSE;
  while (!signal.aborted) {
    const watchdog = new Watchdog(signal);
    try {
      /** @type {Record<string, string>} */
      const headers = lastId === '' ? {} : { 'Last-Event-ID': lastId };
      const response = await send(path, { signal: watchdog.signal, headers });
      if (response.status === 204 || response.body === null) return;
      onConnection(true);
      if (lastId === '') await onBegin();
      for await (const { id, name, data } of eventsIn(response.body, watchdog)) {
        pause = FIRST_PAUSE;
        if (name === 'reset') {
          lastId = '';
          await onBegin();
        }
        lastId = id ?? lastId;
        if (name !== 'reset' && data !== '') onJob(JSON.parse(data));
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ApiError && isFinal(error.status)) throw error;
    } finally {
      watchdog.end();
    }
    if (signal.aborted) return;
    onConnection(false);
    await wait(pause, signal);
    pause = Math.min(2 * pause, LONGEST_PAUSE);
  }
}

/** Whether trying again changes nothing. @param {number} status */
function isFinal(status) {
  return status >= 400 && status < 500 && !PASSING.includes(status);
}

/** Ends a connection on which nothing comes. */
class Watchdog {
  /** @param {AbortSignal} signal */
  constructor(signal) {
    this.controller = new AbortController();
    this.signal = AbortSignal.any([signal, this.controller.signal]);
    this.heard();
  }

  heard() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.controller.abort(), SILENCE);
  }

  end() {
    clearTimeout(this.timer);
    this.controller.abort();
  }
}

/**
 * Server-Sent Events, as the standard of HTML has them.
 * @param {ReadableStream<Uint8Array<ArrayBuffer>>} body @param {Watchdog} watchdog
 */
async function* eventsIn(body, watchdog) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    watchdog.heard();
    const blocks = `${rest}${value}`.split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) yield eventOf(block);
  }
}

/** @param {string} block */
function eventOf(block) {
  const fields = new Map(
    block.split('\n').flatMap((line) => {
      const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
      return name === '' ? [] : [[name, value]];
    }),
  );
  return { id: fields.get('id'), name: fields.get('event'), data: fields.get('data') ?? '' };
}

/** @param {number} milliseconds @param {AbortSignal} signal @returns {Promise<void>} */
function wait(milliseconds, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done, { once: true });
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
