import { LoggedLine } from './logged-line.js';

export interface LinesOwner {
  readonly requestId: string;
  /** Name of the caller; null without authentication, undefined before it is known. */
  readonly caller: string | null | undefined;
  /** Id of the job. */
  readonly job?: string;
}

/** A line that belongs to a request or job, and so has its id and caller as members. The trace is added by the logger. */
export function requestLine(text: string, { requestId, caller, job }: LinesOwner): LoggedLine {
  return new LoggedLine(text, {
    request_id: requestId,
    ...(typeof caller === 'string' && { caller }),
    ...(job !== undefined && { job }),
  });
}
