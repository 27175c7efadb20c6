import type { Reply } from './answer.js';
import {
  RedfishConnectionError,
  RedfishForeignLinkError,
  RedfishNotFoundError,
  RedfishNotReadyError,
  RedfishTaskError,
  RedfishTimeoutError,
  type RedfishError,
} from './errors.js';
import { linkOf, linksOf, textAt, valueAt, type JsonObject } from './json.js';
import type { Links } from './links.js';
import { retryAfterOf } from './retry.js';
import { delay, type CallScope } from './scope.js';
import type { Progress } from './types.js';

/** Task and job states (Dell's jobs have their own words) that end a task. */
const DONE = /^(Completed|OK)$/i;
const FAILED =
  /^(CompletedWithErrors|Exception|Failed|Killed|Cancelled|Canceled|RebootFailed|DownloadFailed)$/i;
/** Polls that may fail in a row: a BMC that updates itself is away for a while. */
const MOST_LOST = 10;

/** What following a task needs of its client. */
export interface TaskIo {
  readonly links: Links;
  readonly poll: (path: string, signal: AbortSignal) => Promise<Reply>;
  /** Deletes the monitor or the task, in its own time; the caller does not wait. */
  readonly cancel: (path: string) => void;
  /** Milliseconds between polls: without Retry-After, and the least with one. */
  readonly pace: { readonly interval: number; readonly least: number };
  readonly onProgress: ((progress: Progress) => void) | undefined;
}

/** Follows what a 202 began to its end. */
export class TaskMonitor {
  readonly #monitor: string;
  /** The Task resource, where it is known to be another one than the monitor. */
  #task: string | undefined;
  #reported = '';
  #cancellable: string | undefined;

  /** The monitor of a 202, or undefined where the BMC names none: then there is nothing to follow. */
  static of(accepted: Reply, io: TaskIo): TaskMonitor | undefined {
    const named = textAt(accepted.body, 'TaskMonitor') ?? (stateOf(accepted.body) && linkOf(accepted.body));
    if (accepted.location === undefined && named === undefined && accepted.foreignLocation !== undefined) {
      throw new RedfishForeignLinkError(
        `${accepted.url} began a task whose monitor is at ${accepted.foreignLocation}; it was not followed.`,
        { url: accepted.url, status: accepted.status },
      );
    }
    const path = accepted.location ?? (named === undefined ? undefined : io.links.resolve(named));
    return path === undefined ? undefined : new TaskMonitor(accepted, path, io);
  }

  private constructor(
    accepted: Reply,
    monitor: string,
    readonly io: TaskIo,
  ) {
    this.#monitor = monitor;
    this.#note(accepted, undefined);
  }

  /**
   * Polls until the task has ended.
   *
   * @returns the answer the request would have had without a task: the monitor's last one, or the Task
   * @throws RedfishTaskError, or the error the monitor answers with in the end
   */
  async follow(accepted: Reply, scope: CallScope): Promise<Reply> {
    let reply = accepted;
    let lost = 0;
    try {
      for (;;) {
        await delay(this.#wait(reply), scope.signal);
        try {
          reply = await this.io.poll(this.#monitor, scope.signal);
          lost = 0;
        } catch (error) {
          lost += 1;
          if (!isPassing(error) || lost > MOST_LOST || scope.signal.aborted) throw this.#vanished(error);
          continue;
        }
        this.#note(reply, this.#monitor);
        const end = this.#end(reply);
        if (end !== undefined) return end;
      }
    } catch (error) {
      if (scope.signal.aborted && this.#cancellable !== undefined) this.io.cancel(this.#cancellable);
      throw error;
    }
  }

  #wait(reply: Reply): number {
    const { interval, least } = this.io.pace;
    const asked = retryAfterOf(reply.headers['retry-after']);
    return Math.max(least, asked ?? interval);
  }

  /** Reports progress when there is any, and keeps what is known about cancelling. */
  #note(reply: Reply, polled: string | undefined): void {
    const { body } = reply;
    const isTask = stateOf(body) !== undefined;
    const own = isTask ? linkOf(body) : undefined;
    if (own !== undefined) this.#task = this.io.links.locate(own).path;
    if (reply.allow.includes('DELETE')) this.#cancellable = polled ?? this.#cancellable;
    if (!isTask) return;
    const progress = progressOf(body);
    const shown = JSON.stringify(progress);
    if (shown === this.#reported) return;
    this.#reported = shown;
    this.io.onProgress?.(progress);
  }

  #end(reply: Reply): Reply | undefined {
    const state = stateOf(reply.body);
    if (state !== undefined && FAILED.test(state)) throw this.#failed(state, reply);
    if (state !== undefined && DONE.test(state)) return withCreated(reply, this.io.links);
    if (reply.status === 202) return undefined;
    // Some answer 200 with the Task while it runs; anything else with 200 is the final answer.
    return state === undefined ? reply : undefined;
  }

  #failed(state: string, { body, url, status, headers, messages }: Reply): RedfishError {
    const said = progressOf(body).message;
    const text = `The task ${this.#task ?? url} ended in state ${state}${said === undefined ? '.' : `: ${said}`}`;
    return new RedfishTaskError(state, text, { url, status, contentType: headers['content-type'], messages });
  }

  #vanished(error: unknown): unknown {
    if (!(error instanceof RedfishNotFoundError)) return error;
    const text = `The task at ${error.url ?? this.#monitor} vanished before it told how it ended.`;
    return new RedfishTaskError('Vanished', text, { ...error, cause: error });
  }
}

/** TaskState, or JobState on Dell. */
function stateOf(body: JsonObject | undefined): string | undefined {
  return textAt(body, 'TaskState') ?? textAt(body, 'JobState');
}

function progressOf(body: JsonObject | undefined): Progress {
  const percent = valueAt(body, 'PercentComplete');
  const listed = valueAt(body, 'Messages');
  const last = Array.isArray(listed) ? listed.at(-1) : undefined;
  const message = textAt(last, 'Message') ?? textAt(body, 'Message') ?? stateOf(body);
  return {
    ...(typeof percent === 'number' ? { percent: Math.min(100, Math.max(0, percent)) } : {}),
    ...(message === undefined ? {} : { message }),
  };
}

/** A finished Task that says what it made stands for the 201 that was not sent. */
function withCreated(reply: Reply, links: Links): Reply {
  const [created] = linksOf(valueAt(reply.body, 'Links', 'CreatedResources'));
  if (created === undefined) return reply;
  return { ...reply, location: links.locate(created).path };
}

/** Failures of a poll that say nothing about the task. */
function isPassing(error: unknown): boolean {
  return (
    error instanceof RedfishConnectionError ||
    error instanceof RedfishNotReadyError ||
    (error instanceof RedfishTimeoutError && error.phase !== 'task')
  );
}
