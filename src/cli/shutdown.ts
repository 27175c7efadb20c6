import { type NestExpressApplication } from '@nestjs/platform-express';
import { type OpenedDatabase } from '../database/open-database.js';
import { type Lifecycle } from '../lifecycle/lifecycle.js';
import { nextSignalAfterEcho } from './signals.js';

/** The parts to close; set one after the other during the start. */
export interface Parts {
  opened?: OpenedDatabase;
  app?: NestExpressApplication;
}

export type Ending = 'closed' | 'overdue' | 'impatience';

/** The share of the time after `closingEnds` for closing the database before it is abandoned. */
const DATABASE_SHARE = 0.4;

/**
 * Closes the service. At its deadline or at a second signal it gives up, and kills an embedded database that
 * no other process uses.
 * @param starting settles when the service has started or failed to start.
 */
export async function shutDown(
  parts: Parts,
  lifecycle: Lifecycle,
  starting: Promise<unknown>,
): Promise<Ending> {
  lifecycle.drain();
  const ending = await Promise.race([
    closeAll(parts, lifecycle, starting),
    overdue(lifecycle),
    nextSignalAfterEcho().then(() => 'impatience' as const),
  ]);
  if (ending !== 'closed') await parts.opened?.abandon();
  return ending;
}

async function closeAll(parts: Parts, lifecycle: Lifecycle, starting: Promise<unknown>): Promise<Ending> {
  const over = aborted(lifecycle.closingEnds);
  await Promise.race([starting.catch(() => {}), over]);
  await Promise.race([parts.app?.close(), over]);
  await parts.opened?.database.close();
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
