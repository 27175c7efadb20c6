import { driverCalls, type DriverLine, setDriverLog } from '@ferrule/driver-kit/host';
import { Logger } from '@nestjs/common';
import { LoggedLine } from '../../logging/logged-line.js';
import { callMembers } from '../execution/call-members.js';
import { maskValue } from '../../secrets/masking.js';
import { type Redact, redactSettings } from '../../secrets/redact.js';
import { stackOf } from '../execution/method-failure.js';
import { plainJson } from '../execution/plain-json.js';
import { type InstalledPackage } from '../packages/driver-package.js';
import { packageInStack } from '../packages/package-in-stack.js';

/** Masking more would block the service. */
const MAXIMUM_DETAILS = { bytes: 65_536, values: 1_000 };

const LEVELS = { debug: 'debug', info: 'log', warn: 'warn', error: 'error' } as const;

/** Lines of the kit's loggers go to the log of the service. */
export function logDrivers(packages: readonly InstalledPackage[]): void {
  setDriverLog((line) => write(line, packages));
}

function write(
  { level, name, message, details, error, origin }: DriverLine,
  packages: readonly InstalledPackage[],
): void {
  const call = driverCalls.current;
  const redact = (text: string) => call?.redact(text) ?? redactSettings(text);
  const source = call?.source ?? packageInStack(origin, packages);
  const fields = {
    ...(call && callMembers(call)),
    ...(source !== undefined && { package: source }),
    ...(details && { details: shown(details, redact) }),
    ...(error !== undefined && { stack: stackOf(error, redact) }),
  };
  Logger[LEVELS[level]](new LoggedLine(redact(message), fields), name);
}

/** Details may be anything, if the driver is written in JavaScript. */
function shown(details: unknown, redact: Redact): unknown {
  try {
    return maskValue(plainJson(MAXIMUM_DETAILS, details), redact);
  } catch {
    return 'details that are too large, or not JSON';
  }
}
