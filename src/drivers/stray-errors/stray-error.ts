import { type DriverCall, driverCalls } from '@ferrule/driver-kit/host';
import { redactSettings } from '../../secrets/redact.js';
import { callMembers } from '../execution/call-members.js';
import { messageOf } from '../execution/method-errors.js';
import { stacksOf } from '../execution/method-failure.js';
import { type InstalledPackage } from '../packages/driver-package.js';
import { packageInStack } from '../packages/package-in-stack.js';

/** An error that nobody handled. */
export interface StrayError {
  readonly what: string;
  readonly error: unknown;
  readonly stack: string;
  /** The driver package, as name@version. */
  readonly source: string | undefined;
  readonly call: DriverCall | undefined;
}

/** The calls that run in this process. */
export interface RunningCalls {
  redact(text: string): string;
}

export const REJECTION = 'Nobody handled a rejected promise';
export const EXCEPTION = 'Nobody caught an exception';

/** To be asked while the error is reported, since only then its call is known. */
export function strayErrorOf(
  what: string,
  error: unknown,
  packages: readonly InstalledPackage[],
): StrayError {
  const stack = textOf(error);
  const call = driverCalls.current;
  return { what, error, stack, source: call?.source ?? packageInStack(stack, packages), call };
}

/** For the log, without secrets. */
export function describeStrayError(
  { what, error, stack, source, call }: StrayError,
  calls: RunningCalls | undefined,
): readonly [fields: { readonly stack: string; readonly [member: string]: string }, message: string] {
  const masked = (text: string) => call?.redact(text) ?? redactSettings(text);
  const redact = (text: string) => calls?.redact(masked(text)) ?? masked(text);
  const origin = source === undefined ? '' : ` of ${source}`;
  const during = call === undefined ? '' : ` during ${call.requestId}`;
  return [
    { ...(call && callMembers(call)), stack: redact(stack) },
    redact(`${what}${origin}${during}: ${messageOf(error)}`),
  ];
}

function textOf(error: unknown): string {
  try {
    return stacksOf(error).join('\nCaused by: ');
  } catch {
    return 'it has no text';
  }
}
