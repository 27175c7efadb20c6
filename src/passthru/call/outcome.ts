import { type Response } from 'express';
import { type MethodResult } from '../../drivers/execution/method-call.js';
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
    response.setHeader('Location', locationOf(links.base(response.req), outcome.jobId));
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

export function acceptedAnswer(base: string, jobId: string): Answer {
  return { status: 202, headers: { Location: locationOf(base, jobId) }, body: Buffer.alloc(0) };
}

function locationOf(base: string, jobId: string): string {
  return `${base}/v1/jobs/${jobId}`;
}
