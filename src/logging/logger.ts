import { type Logger, pino } from 'pino';
import { maskedLog, maskedText } from './masked-log.js';

/** Members that are hidden completely, at the top and one level below. */
const HIDDEN_MEMBERS = ['driver_info', 'args', 'connectionString'];

export type { Logger };

/** Logs JSON lines to stderr, since stdout is for the output of commands. Masks secrets by key and in texts. */
export function createLogger(level: string): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: maskedLog },
      serializers: {
        err: (error: Error) => maskedLog({ ...pino.stdSerializers.err(error) }),
        msg: (message: unknown) => (typeof message === 'string' ? maskedText(message) : message),
      },
      redact: { paths: HIDDEN_MEMBERS.flatMap((name) => [name, `*.${name}`]), censor: '(hidden)' },
    },
    // Lines that come during a write go out together with the next one; pino writes the rest at the exit.
    pino.destination({ dest: 2, sync: false }),
  );
}
