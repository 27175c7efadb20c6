import { type DriverCall, driverCalls } from '@ferrule/driver-kit/host';
import { messageOf } from '../../drivers/execution/method-errors.js';
import { stacksOf } from '../../drivers/execution/method-failure.js';
import { type InstalledPackage } from '../../drivers/packages/driver-package.js';
import { packageInStack } from '../../drivers/packages/package-in-stack.js';
import { type Logger } from '../../logging/logger.js';
import { throttledCalls } from '../../logging/throttled.js';

export const CRASHED = 'An exception that nobody caught';

/** The calls that run in this process. */
export interface RunningCalls {
  redact(text: string): string;
}

export interface Surroundings {
  readonly logger: Logger;
  readonly packages: readonly InstalledPackage[];
  /** Undefined until the service is composed. */
  readonly calls: () => RunningCalls | undefined;
  /** The process, except in tests. */
  readonly process: Pick<NodeJS.Process, 'on' | 'removeAllListeners'>;
}

/**
 * Logs what a driver left behind, of many errors one a second, and ends the call that an error belongs to, if that is
 * known. An exception that is no driver's may have left this service in any state, so it should be stopped.
 * @returns resolves at the first exception that nobody caught and that is no driver's.
 */
export function watchStrayErrors(surroundings: Surroundings): Promise<string> {
  const { logger, process } = surroundings;
  const logError = throttledCalls((stray: Stray, leftOut) => {
    const [fields, message] = described(surroundings, stray);
    logger.error(fields, `${message}${leftOut}`);
  });
  const logWarning = throttledCalls((warning: Error, leftOut) => {
    const [fields, message] = described(surroundings, strayOf(surroundings, warning.name, warning));
    logger.warn(fields, `${message}${leftOut}`);
  });
  // Node's own listener writes every warning to stderr as it is.
  process.removeAllListeners('warning').on('warning', (warning) => logWarning(warning));
  process.on('unhandledRejection', (reason) => {
    const stray = strayOf(surroundings, 'Nobody handled a rejected promise', reason);
    logError(stray);
    endCall(stray);
  });
  return new Promise((resolve) => {
    process.on('uncaughtException', (error) => {
      const stray = strayOf(surroundings, 'Nobody caught an exception', error);
      if (stray.source === undefined) {
        logger.fatal(...described(surroundings, stray));
        resolve(CRASHED);
      } else {
        logError(stray);
        endCall(stray);
      }
    });
  });
}

interface Stray {
  readonly what: string;
  readonly error: unknown;
  readonly stack: string;
  /** The driver package, as name@version. */
  readonly source: string | undefined;
  readonly call: DriverCall | undefined;
}

function strayOf({ packages }: Surroundings, what: string, error: unknown): Stray {
  const stack = textOf(error);
  const call = driverCalls.current;
  return { what, error, stack, source: call?.source ?? packageInStack(stack, packages), call };
}

function endCall({ error, source, call }: Stray): void {
  if (source === undefined) return;
  call?.fail(error);
  // From now on calls of Ferrule's own drivers are followed, too, so that the next error ends its call.
  driverCalls.follow();
}

function described({ calls }: Surroundings, { what, error, stack, source, call }: Stray) {
  const masked = (text: string) => call?.redact(text) ?? text;
  const redact = (text: string) => calls()?.redact(masked(text)) ?? masked(text);
  const origin = source === undefined ? '' : ` of ${source}`;
  const during = call === undefined ? '' : ` during ${call.requestId}`;
  return [{ stack: redact(stack) }, redact(`${what}${origin}${during}: ${messageOf(error)}`)] as const;
}

function textOf(error: unknown): string {
  try {
    return stacksOf(error).join('\nCaused by: ');
  } catch {
    return 'it has no text';
  }
}
