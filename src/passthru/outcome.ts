import { type Response } from 'express';
import { type MethodResult } from '../drivers/execution/method-call.js';
import { sendAttachment } from '../http/replies/attachment-reply.js';
import { type Links } from '../http/links.js';
import { sendEmpty, sendJsonText } from '../http/replies/reply.js';

export type Outcome = MethodResult | { readonly jobId: string };

export function sendOutcome(response: Response, outcome: Outcome, links: Links): void {
  if ('jobId' in outcome) {
    response.setHeader('Location', `${links.base(response.req)}/v1/jobs/${outcome.jobId}`);
    sendEmpty(response, 202);
  } else if ('attachment' in outcome) {
    sendAttachment(response, outcome.attachment);
  } else {
    sendJsonText(response, 200, outcome.json);
  }
}
