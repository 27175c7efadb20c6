import { messageOf } from '../../drivers/execution/method-errors.js';
import { stacksOf } from '../../drivers/execution/method-failure.js';
import { type AvailableDriver } from '../../drivers/packages/driver-package.js';
import { packageInStack } from '../../drivers/packages/package-in-stack.js';
import { type Logger } from '../../logging/logger.js';
import { throttledCalls } from '../../logging/throttled.js';
import { type Redact } from '../../secrets/redact.js';

export const CRASHED = 'An exception that nobody caught';

export interface Surroundings {
  readonly logger: Logger;
  readonly packages: readonly AvailableDriver[];
  readonly redact: Redact;
}

/**
 * A rejected promise that a driver left behind does not end the service; of many, one a second is logged, as of warnings
 * of the process. After an exception, the code that threw it may be in any state, so the service should be stopped.
 * @returns resolves at the first exception that nobody caught.
 */
export function watchStrayErrors({ logger, packages, redact }: Surroundings): Promise<string> {
  const describe = (what: string, error: unknown) => {
    const stack = textOf(error);
    const source = packageInStack(stack, packages);
    const origin = source === undefined ? '' : ` of ${source}`;
    return [{ stack: redact(stack) }, redact(`${what}${origin}: ${messageOf(error)}`)] as const;
  };
  const logRejection = throttledCalls((reason: unknown, leftOut) => {
    const [fields, message] = describe('Nobody handled a rejected promise', reason);
    logger.error(fields, `${message}${leftOut}`);
  });
  const logWarning = throttledCalls((warning: Error, leftOut) => {
    const [fields, message] = describe(warning.name, warning);
    logger.warn(fields, `${message}${leftOut}`);
  });
  // Node's own listener writes every warning to stderr as it is.
  process.removeAllListeners('warning').on('warning', (warning) => logWarning(warning));
  process.on('unhandledRejection', (reason) => logRejection(reason));
  return new Promise((resolve) => {
    process.on('uncaughtException', (error) => {
      logger.fatal(...describe('Nobody caught an exception', error));
      resolve(CRASHED);
    });
  });
}

function textOf(error: unknown): string {
  try {
    return stacksOf(error).join('\nCaused by: ');
  } catch {
    return 'it has no text';
  }
}
