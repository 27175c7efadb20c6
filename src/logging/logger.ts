import { type Logger, pino } from 'pino';
import { destinationOf } from './destination.js';
import { maskedLog, maskedText } from './masked-log.js';

/** Members that are hidden completely, at the top and one level below. */
const HIDDEN_MEMBERS = ['driver_info', 'args', 'connectionString'];

export type { Logger };

/**
 * Logs JSON lines to stderr, since stdout is for the output of commands. Masks secrets by key and in texts.
 * @param traceId of what runs now, for each line.
 */
export function createLogger(level: string, traceId: () => string | undefined = () => undefined): Logger {
  return pino(
    {
      level,
      base: null,
      mixin: () => {
        const id = traceId();
        return id === undefined ? {} : { trace_id: id };
      },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: maskedLog },
      serializers: {
        err: (error: Error) => maskedLog({ ...pino.stdSerializers.err(error) }),
        msg: (message: unknown) => (typeof message === 'string' ? maskedText(message) : message),
      },
      redact: { paths: HIDDEN_MEMBERS.flatMap((name) => [name, `*.${name}`]), censor: '(hidden)' },
    },
    destinationOf('stderr'),
  );
}
