import { setTimeout as delay } from 'node:timers/promises';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
/** A Ctrl-C under npm arrives twice: from the terminal, and passed on by npm. */
const ECHO_MS = 500;

/** Fulfilled with the name of the next signal that asks this process to end. */
export function nextSignal(): Promise<string> {
  return new Promise((resolve) => {
    const take = (signal: string) => {
      for (const name of SIGNALS) process.off(name, take);
      resolve(signal);
    };
    for (const name of SIGNALS) process.on(name, take);
  });
}

/**
 * The next one that is not the echo of one that has just come. Whatever comes after it is without effect:
 * by default it would kill the process before that has said how it ended.
 */
export async function nextSignalAfterEcho(): Promise<string> {
  for (const name of SIGNALS) process.on(name, () => {});
  await delay(ECHO_MS, undefined, { ref: false });
  return nextSignal();
}
