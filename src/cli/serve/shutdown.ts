import { type NestExpressApplication } from '@nestjs/platform-express';
import { type Opening } from '../../database/open-database.js';
import { type Lifecycle } from '../../lifecycle/lifecycle.js';
import { nextSignalAfterEcho } from '../signals.js';
import { type RunningCalls } from './stray-errors.js';

export interface Parts {
  opening?: Opening;
  app?: NestExpressApplication;
  calls?: RunningCalls;
}

export type Ending = 'closed' | 'overdue' | 'impatience';

/** Share of the time after `closingEnds` for closing the database before it is abandoned. */
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
  await Promise.race([parts.app?.close(), over]);
  const database = await parts.opening?.database.catch(() => undefined);
  await database?.close();
  return 'closed';
}

function overdue(lifecycle: Lifecycle): Promise<Ending> {
  const { closing, end } = lifecycle.left;
  return new Promise((resolve) => {
    setTimeout(() => resolve('overdue'), closing + (end - closing) * DATABASE_SHARE).unref();
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
