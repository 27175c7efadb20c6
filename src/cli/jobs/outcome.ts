import { type EndState } from '../../database/job-state.js';
import { ExitCode } from '../client/exit-code.js';
import { type JobDocument } from './job-document.js';

const CODES: Readonly<Record<EndState, ExitCode>> = {
  succeeded: ExitCode.succeeded,
  failed: ExitCode.failed,
  cancelled: ExitCode.stopped,
  'timed-out': ExitCode.stopped,
  'outcome-unknown': ExitCode.unknown,
  refused: ExitCode.refused,
};

/** Of a state that this version does not know: nothing can be said about what was done. */
export function codeOfOutcome({ state }: JobDocument): ExitCode {
  return Object.entries(CODES).find(([name]) => name === state)?.[1] ?? ExitCode.unknown;
}

export function outcomeText({ id, state, error }: JobDocument): string {
  return error === null ? `Job ${id}: ${state}.` : `Job ${id}: ${state}: ${error.code}: ${error.message}`;
}
