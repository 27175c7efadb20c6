import { setTimeout as delay } from 'node:timers/promises';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { type Opening } from '../../database/open-database.js';
import { type Lifecycle } from '../../lifecycle/lifecycle.js';
import { nextSignalAfterEcho } from '../signals.js';
import { type TracingSdk } from '../../tracing/sdk.js';
import { type RunningCalls } from '../../drivers/stray-errors/stray-error.js';

export interface Parts {
  tracing?: TracingSdk;
  opening?: Opening;
  app?: NestExpressApplication;
  calls?: RunningCalls;
}

export type Ending = 'closed' | 'overdue' | 'impatience';

/** For spans that were not sent yet. */
const TRACES_MS = 2_000;
/** Shares of the time after `closingEnds`: for what still runs, and until the database is abandoned. */
const LAST_SHARE = 0.2;
const DATABASE_SHARE = 0.4;

/**
 * Closes the service, and gives up at its deadline or at a second signal; then the caller must abandon the database.
 * @param starting settles when the service has started or failed to start.
 */
export function shutDown(parts: Parts, lifecycle: Lifecycle, starting: Promise<unknown>): Promise<Ending> {
  lifecycle.drain();
  return Promise.race([
    closeAll(parts, lifecycle, starting),
    overdue(lifecycle),
    nextSignalAfterEcho().then(() => 'impatience' as const),
  ]);
}

async function closeAll(parts: Parts, lifecycle: Lifecycle, starting: Promise<unknown>): Promise<Ending> {
  const over = aborted(lifecycle.closingEnds);
  await Promise.race([starting.catch(() => {}), over]);
  const { closing, end } = lifecycle.left;
  await Promise.race([parts.app?.close(), after(closing + (end - closing) * LAST_SHARE)]);
  const database = await parts.opening?.database.catch(() => undefined);
  await database?.close();
  await parts.tracing?.stop(Math.min(TRACES_MS, lifecycle.left.end * LAST_SHARE));
  return 'closed';
}

function overdue(lifecycle: Lifecycle): Promise<Ending> {
  const { closing, end } = lifecycle.left;
  return after(closing + (end - closing) * DATABASE_SHARE).then(() => 'overdue');
}

function after(milliseconds: number): Promise<void> {
  return delay(milliseconds, undefined, { ref: false });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
