import { type Browser, chromium } from 'playwright-core';

/** As the user of the tests, and without network access of its own. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const LAUNCH_MS = 120_000;

export function startBrowser(...flags: string[]): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [...FLAGS, ...flags],
    timeout: LAUNCH_MS,
  });
}
