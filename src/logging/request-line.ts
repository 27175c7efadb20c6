import { LoggedLine } from './logged-line.js';

/** Whose line it is: a request, a call of a method, or a job. */
export interface LineContext {
  readonly requestId?: string | undefined;
  /** Null without authentication. */
  readonly caller?: { readonly name: string | null; readonly id?: string | null } | undefined;
  /** Id of the job. */
  readonly job?: string | undefined;
  readonly node?: { readonly uuid: string } | null | undefined;
  /** W3C's traceparent; the logger adds the trace of what runs now. */
  readonly trace?: string | null;
}

/** A line that belongs to a request or job, and so has its ids and its caller as members. */
export function requestLine(text: string, context: LineContext): LoggedLine {
  return new LoggedLine(text, membersOf(context));
}

export function membersOf({ requestId, caller, job, node, trace }: LineContext): Record<string, string> {
  const traceId = trace?.split('-')[1];
  return {
    ...(requestId !== undefined && { request_id: requestId }),
    ...(typeof caller?.name === 'string' && { caller: caller.name }),
    ...(typeof caller?.id === 'string' && { caller_id: caller.id }),
    ...(job !== undefined && { job }),
    ...(node && { node: node.uuid }),
    ...(traceId !== undefined && { trace_id: traceId }),
  };
}
