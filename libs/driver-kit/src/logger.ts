import { format } from 'node:util';
import { driverCalls } from './driver-calls.js';
import { type JsonObject } from './json.js';

/** How important a line is. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** What a driver logs. */
export interface DriverLine {
  readonly level: LogLevel;
  /** The name of the logger. */
  readonly name: string;
  readonly message: string;
  readonly details: JsonObject | undefined;
  readonly error: unknown;
  /** The stack where the logger was made, which tells its package. */
  readonly origin: string;
}

type DriverLog = (line: DriverLine) => void;

// In the global symbol registry, because a driver package may bring its own copy of the kit.
const LOG = Symbol.for('ferrule.driver-log');
const shared = globalThis as typeof globalThis & { [LOG]?: DriverLog };

/** Where all loggers of drivers write, instead of to the console. */
export function setDriverLog(log: DriverLog): void {
  shared[LOG] = log;
}

/**
 * Writes lines to the log of the service, with the driver's package and, during a call, its request id, caller, node and
 * job. Secrets of the call are masked. In a test without the service the lines go to the console.
 *
 * ```ts
 * private readonly logger = new Logger(AcmeVendor.name);
 * this.logger.info('The firmware is flashed.', { image });
 * ```
 *
 * Before Node 24 the first logger turns on AsyncLocalStorage, which makes every promise of the process a little slower.
 */
export class Logger {
  private readonly origin: string;

  /** @param name of what logs, usually its class. */
  constructor(private readonly name: string) {
    this.origin = new Error('A logger was made.').stack ?? '';
    driverCalls.follow();
  }

  /** For developers; shown with `FERRULE_LOG_LEVEL=debug`. */
  debug(message: string, details?: JsonObject): void {
    this.write('debug', message, details);
  }

  info(message: string, details?: JsonObject): void {
    this.write('info', message, details);
  }

  /** For what an operator may have to look at. */
  warn(message: string, details?: JsonObject): void {
    this.write('warn', message, details);
  }

  /** @param error its stack is logged. What a method throws is logged by the service. */
  error(message: string, error?: unknown, details?: JsonObject): void {
    this.write('error', message, details, error);
  }

  private write(level: LogLevel, message: string, details?: JsonObject, error?: unknown): void {
    const { name, origin } = this;
    (shared[LOG] ?? toConsole)({ level, name, message, details, error, origin });
  }
}

function toConsole({ level, name, message, details, error }: DriverLine): void {
  const rest = [details, error].filter((part) => part !== undefined);
  // eslint-disable-next-line no-console -- there is no other output without the service
  console[level](format('[%s] %s', name, message, ...rest));
}
