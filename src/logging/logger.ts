import { type Logger, pino } from 'pino';

/** Members of logged objects that may hold a secret, at the top and one level below. */
const SECRET_MEMBERS = [
  'password',
  'secret',
  'token',
  'authorization',
  'driver_info',
  'args',
  'connectionString',
];

export type { Logger };

/** JSON lines on stderr; stdout is for what a command was asked for. */
export function createLogger(level: string): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRET_MEMBERS.flatMap((name) => [name, `*.${name}`]), censor: '(hidden)' },
    },
    pino.destination({ dest: 2, sync: true }),
  );
}
