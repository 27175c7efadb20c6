import { explain } from '../explain.js';
import { type Output } from '../output.js';
import { AnsweredError, ConnectionError } from './client-error.js';

/** Of the commands that wait for calls; the README documents them. */
export const ExitCode = {
  succeeded: 0,
  other: 1,
  wrongUsage: 2,
  failed: 3,
  stopped: 4,
  unknown: 5,
  refused: 6,
  noAnswer: 7,
  /** As shells have it for a program that Ctrl-C ended. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** The command was typed wrongly; nothing was asked. */
export class WrongUsage extends Error {}

/** Ctrl-C; the message says what goes on. */
export class Interrupted extends Error {}

/** Runs a command, explains its error, and gives its code. */
export async function exitCodeOf(out: Output, command: () => Promise<ExitCode>): Promise<ExitCode> {
  try {
    return await command();
  } catch (error) {
    const isOwn = error instanceof WrongUsage || error instanceof Interrupted;
    out.complain(isOwn ? error.message : explain(error));
    return codeOf(error);
  }
}

function codeOf(error: unknown): ExitCode {
  if (error instanceof WrongUsage) return ExitCode.wrongUsage;
  if (error instanceof Interrupted) return ExitCode.interrupted;
  if (error instanceof ConnectionError) return ExitCode.noAnswer;
  return error instanceof AnsweredError ? codeOfAnswer(error) : ExitCode.other;
}

/** Whether something in front of the service answered, which does not reach it. */
export function isProxys({ status, code }: AnsweredError): boolean {
  return code === undefined && [502, 503, 504].includes(status);
}

/** Whether the service has passed the request on to a conductor, and has no answer of it. */
export function isLostBehind({ code }: AnsweredError): boolean {
  return code === 'ConductorDisconnected' || code === 'ConductorSilent';
}

const UNKNOWN: readonly (string | undefined)[] = ['OutcomeUnknown', 'AnswerNotKept', 'IdempotentCallRuns'];

function codeOfAnswer(error: AnsweredError): ExitCode {
  const { status, code } = error;
  if (isProxys(error)) return ExitCode.noAnswer;
  if (UNKNOWN.includes(code) || isLostBehind(error)) return ExitCode.unknown;
  if (code === 'MethodTimeout') return ExitCode.stopped;
  return status < 500 || status === 503 ? ExitCode.refused : ExitCode.failed;
}
