import { ApiError } from './api.js';

/** Milliseconds between two looks, at least and at most. */
const SHORTEST = 1_000;
const LONGEST = 15_000;

/**
 * Repeats a look: soon after a change, and now and then without one. Looks never overlap.
 * @param {() => Promise<void>} load @param {AbortSignal} signal
 * @param {(isConnected: boolean) => void} onConnection @param {(error: unknown) => void} leave
 */
export function refreshed(load, signal, onConnection, leave) {
  /** @type {number | undefined} */
  let timer;
  let isSoon = false;
  let isLooking = false;
  let isAway = false;
  const plan = (/** @type {number} */ milliseconds) => {
    clearTimeout(timer);
    timer = setTimeout(look, milliseconds);
  };
  const look = async () => {
    if (signal.aborted) return;
    isSoon = false;
    isLooking = true;
    if (!document.hidden) await loaded();
    isLooking = false;
    plan(isSoon ? SHORTEST : LONGEST);
  };
  const loaded = async () => {
    try {
      await load();
      if (isAway) onConnection(true);
      isAway = false;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiError) || (error.status > 0 && error.status < 500)) return leave(error);
      isAway = true;
      onConnection(false);
    }
  };
  plan(LONGEST);
  signal.addEventListener('abort', () => clearTimeout(timer));
  return () => {
    if (isSoon) return;
    isSoon = true;
    if (!isLooking) plan(SHORTEST);
  };
}
