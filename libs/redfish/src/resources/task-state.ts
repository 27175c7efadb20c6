import type { Reply } from '../wire/answer.js';
import {
  RedfishNotFoundError,
  RedfishResponseError,
  RedfishTaskError,
  type RedfishError,
} from '../errors.js';
import { extendedInfo, summary } from '../extended-info.js';
import { linksOf, textAt, valueAt, type JsonObject } from '../json.js';
import type { Links } from '../wire/links.js';
import { retryAfterOf } from '../wire/retry.js';
import type { Scrubber } from '../wire/scrub.js';
import type { Progress } from '../types.js';

/** States that end a task, or a job: Dell's jobs have their own. */
const DONE = /^(Completed|RebootCompleted|OK)$/i;
/** States of work that the BMC does later, mostly at the next restart. */
const ACCEPTED = /^(Pending|Scheduled)$/i;
const FAILED =
  /^(CompletedWithErrors|Exception|Failed|Killed|Cancelled|Canceled|RebootFailed|DownloadFailed)$/i;

/** The state of a Task or a job; undefined if the body shows neither. */
export function stateOf(body: JsonObject | undefined): string | undefined {
  return textAt(body, 'TaskState') ?? textAt(body, 'JobState');
}

export function stageOf(state: string): 'done' | 'failed' | 'accepted' | 'running' {
  if (DONE.test(state)) return 'done';
  if (FAILED.test(state)) return 'failed';
  return ACCEPTED.test(state) ? 'accepted' : 'running';
}

export function progressOf(body: JsonObject | undefined, scrubber: Scrubber): Progress {
  const percent = valueAt(body, 'PercentComplete');
  const listed = valueAt(body, 'Messages');
  const last = Array.isArray(listed) ? listed.at(-1) : undefined;
  const message = textAt(last, 'Message') ?? textAt(body, 'Message') ?? stateOf(body);
  return {
    ...(typeof percent === 'number' ? { percent: Math.min(100, Math.max(0, percent)) } : {}),
    ...(message === undefined ? {} : { message: scrubber.text(message) }),
  };
}

/** Adds the resource a finished Task has made as the location, as the 201 would have. */
export function withCreated(reply: Reply, links: Links): Reply {
  const [created] = linksOf(valueAt(reply.body, 'Links', 'CreatedResources'));
  if (created === undefined) return reply;
  return { ...reply, location: links.locate(created).path };
}

export function taskFailure(state: string, reply: Reply, scrubber: Scrubber): RedfishTaskError {
  const { body, url, status, headers } = reply;
  const messages = extendedInfo(valueAt(body, 'Messages')).map((message) => scrubber.message(message));
  const said = summary(messages) || scrubber.text(textAt(body, 'Message') ?? '');
  const text = `The task ${url} ended in state ${state}${said === '' ? '.' : `: ${said}`}`;
  const answer = { status, headers, body: scrubber.json(body) };
  const details = { url, status, contentType: headers['content-type'], messages, answer };
  return new RedfishTaskError(state, text, details);
}

/** The error of a task whose last poll failed with this one: a 404 means that it no longer exists. */
export function vanished(error: RedfishError, polled: string): RedfishError {
  if (!(error instanceof RedfishNotFoundError)) return error;
  const { url, status, contentType, messages } = error;
  const text = `The task ${url ?? polled} vanished before its final state could be read.`;
  return new RedfishTaskError('Vanished', text, { url, status, contentType, messages, cause: error });
}

/** The error of a poll whose answer is that of a web server in place of the task. */
export function noTask(reply: Reply): RedfishResponseError {
  const { url, status, allow } = reply;
  const text = `GET ${url} answered ${status} without the state of the task.`;
  return new RedfishResponseError(text, {
    method: 'GET',
    url,
    status,
    retryAfter: retryAfterIn(reply),
    allow,
  });
}

/** Milliseconds. */
export function retryAfterIn({ headers }: Reply): number | undefined {
  return retryAfterOf(headers['retry-after']);
}
