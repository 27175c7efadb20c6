import { type Request, type Response } from 'express';
import { type MethodResult } from '../../drivers/execution/method-call.js';
import { JOB_ID } from './call-headers.js';
import { callOf } from './call-of.js';
import { type Answer } from '../../http/replies/answer.js';
import { attachmentHeaders, sendAttachment } from '../../http/replies/attachment-reply.js';
import { type Links } from '../../http/links.js';
import { sendEmpty, sendJsonText } from '../../http/replies/reply.js';

/** `isReplayed`: the job is that of another request with the same key. */
export type Outcome = MethodResult | { readonly jobId: string; readonly isReplayed: boolean };

/** The header of an answer that repeats that of another request. */
export const REPLAYED = 'Idempotency-Replayed';

export function sendOutcome(response: Response, outcome: Outcome, links: Links): void {
  if ('jobId' in outcome) {
    const headers = acceptedHeaders(response.req, links.base(response.req), outcome.jobId);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (outcome.isReplayed) response.setHeader(REPLAYED, 'true');
    sendEmpty(response, 202);
  } else if ('attachment' in outcome) {
    sendAttachment(response, outcome.attachment);
  } else {
    sendJsonText(response, 200, outcome.json);
  }
}

/** As {@link sendOutcome} sends it. */
export function resultAnswer(result: MethodResult): Answer {
  if ('attachment' in result) {
    const { attachment } = result;
    return { status: 200, headers: attachmentHeaders(attachment), body: attachment.bytes };
  }
  return {
    status: 200,
    headers: { 'Content-Type': 'application/json' },
    body: Buffer.from(result.json),
  };
}

export function acceptedAnswer(request: Request, base: string, jobId: string): Answer {
  return { status: 202, headers: acceptedHeaders(request, base, jobId), body: Buffer.alloc(0) };
}

/** Ironic's clients look for the outcome of a power change in the states of the node; the job is for others. */
function acceptedHeaders(request: Request, base: string, jobId: string): Record<string, string> {
  if (callOf(request).operation.kind === 'vendor') return { Location: `${base}/v1/jobs/${jobId}` };
  const node = encodeURIComponent(String(request.params['ident']));
  return { Location: `${base}/v1/nodes/${node}/states`, [JOB_ID]: jobId };
}
