import { setTimeout as delay } from 'node:timers/promises';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
/** Under npm a Ctrl-C arrives twice: from the terminal and forwarded by npm. */
const ECHO_MS = 500;

/** The listeners stay, since without one a further signal would kill the process. */
export function nextSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const name of SIGNALS) process.on(name, resolve);
  });
}

export async function nextSignalAfterEcho(): Promise<string> {
  await delay(ECHO_MS, undefined, { ref: false });
  return nextSignal();
}
