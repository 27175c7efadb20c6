import { driverCalls } from '@ferrule/driver-kit/host';
import { type Logger } from '../../logging/logger.js';
import { throttledCalls } from '../../logging/throttled.js';
import { type InstalledPackage } from '../packages/driver-package.js';
import {
  describeStrayError,
  EXCEPTION,
  REJECTION,
  type RunningCalls,
  type StrayError,
  strayErrorOf,
} from './stray-error.js';

export const CRASHED = 'An exception that nobody caught';

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
export function watchStrayErrors({ logger, packages, calls, process }: Surroundings): Promise<string> {
  const logError = throttledCalls((stray: StrayError, leftOut) => {
    const [fields, message] = describeStrayError(stray, calls());
    logger.error(fields, `${message}${leftOut}`);
  });
  const logWarning = throttledCalls((warning: Error, leftOut) => {
    const stray = strayErrorOf(warning.name, warning, packages);
    const [fields, message] = describeStrayError(stray, calls());
    logger.warn(fields, `${message}${leftOut}`);
  });
  // Node's own listener writes every warning to stderr as it is.
  process.removeAllListeners('warning').on('warning', (warning) => logWarning(warning));
  process.on('unhandledRejection', (reason) => {
    const stray = strayErrorOf(REJECTION, reason, packages);
    logError(stray);
    endCall(stray);
  });
  return new Promise((resolve) => {
    process.on('uncaughtException', (error) => {
      const stray = strayErrorOf(EXCEPTION, error, packages);
      if (stray.source === undefined) {
        logger.fatal(...describeStrayError(stray, calls()));
        resolve(CRASHED);
      } else {
        logError(stray);
        endCall(stray);
      }
    });
  });
}

function endCall({ error, source, call }: StrayError): void {
  if (source === undefined) return;
  call?.fail(error);
  // From now on calls of drivers with `handlesAllErrors` are followed, too, so that the next error ends its call.
  driverCalls.follow();
}
