import { setTimeout as delay } from 'node:timers/promises';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
/** A Ctrl-C under npm arrives twice: from the terminal, and passed on by npm. */
const ECHO_MS = 500;

/**
 * Fulfilled with the name of the next signal that asks this process to end. Its listeners stay: without
 * one, a further signal would kill the process before that has said how it ended.
 */
export function nextSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const name of SIGNALS) process.on(name, resolve);
  });
}

/** The next one that is not the echo of one that has just come. */
export async function nextSignalAfterEcho(): Promise<string> {
  await delay(ECHO_MS, undefined, { ref: false });
  return nextSignal();
}
