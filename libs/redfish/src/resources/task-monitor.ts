import type { Reply } from '../wire/answer.js';
import {
  RedfishForeignLinkError,
  RedfishNotFoundError,
  RedfishResponseError,
  RedfishTaskError,
} from '../errors.js';
import { extendedInfo, summary } from '../extended-info.js';
import { linkOf, linksOf, textAt, valueAt, type JsonObject } from '../json.js';
import { isPassing } from './refusals.js';
import { bare, samePath, type Links } from '../wire/links.js';
import { retryAfterOf } from '../wire/retry.js';
import { delay, type CallScope } from '../wire/scope.js';
import type { Scrubber } from '../wire/scrub.js';
import type { Progress } from '../types.js';

/** States that end a task, or a job: Dell's jobs have their own. */
const DONE = /^(Completed|RebootCompleted|OK)$/i;
/** States of work that the BMC does later, mostly at the next restart. */
const ACCEPTED = /^(Pending|Scheduled)$/i;
const FAILED =
  /^(CompletedWithErrors|Exception|Failed|Killed|Cancelled|Canceled|RebootFailed|DownloadFailed)$/i;
/** Consecutive polls that may fail, because a BMC is away while it updates itself. */
const MOST_LOST = 10;
/** Milliseconds between two polls, whatever Retry-After says: a date means nothing if the clock of the BMC is wrong. */
const MOST_WAIT = 60_000;

export interface TaskIo {
  readonly links: Links;
  readonly ask: (method: 'GET' | 'DELETE', path: string, signal?: AbortSignal) => Promise<Reply>;
  readonly scrubber: Scrubber;
  /** Milliseconds between polls without Retry-After, and the least with one. */
  readonly pace: { readonly interval: number; readonly least: number };
  /** The path of the JobService's collection, if the BMC has one. */
  readonly jobs: (signal: AbortSignal) => Promise<string | undefined>;
}

export class TaskMonitor {
  /** The Task resource, if known; the monitor may be a different resource. */
  #task: string | undefined;
  #allow: readonly string[] | undefined;
  #reported: Progress | undefined;
  #isAccepted = false;
  #onProgress: ((progress: Progress) => void) | undefined;
  /** What is polled: the monitor, or the Task or job that goes on without it. */
  #polled: string;

  private constructor(
    readonly monitor: string,
    readonly io: TaskIo,
  ) {
    this.#polled = monitor;
  }

  static of(accepted: Reply, io: TaskIo): TaskMonitor | undefined {
    const { body, location, foreignLocation, url, status } = accepted;
    const named = textAt(body, 'TaskMonitor') ?? (stateOf(body) === undefined ? undefined : linkOf(body));
    if (location !== undefined) return new TaskMonitor(location, io);
    if (named !== undefined) return new TaskMonitor(io.links.resolve(named), io);
    if (foreignLocation === undefined) return undefined;
    const text = `${url} began a task whose monitor is at ${foreignLocation}, which was not followed.`;
    throw new RedfishForeignLinkError(text, { url, status });
  }

  /** Polls a Task itself. */
  static at(task: string, io: TaskIo): TaskMonitor {
    return new TaskMonitor(task, io);
  }

  /** The Task resource, else the monitor. */
  get place(): string {
    return this.#task ?? this.monitor;
  }

  /**
   * Polls until the task has ended. When the scope is aborted, the task is left as it is.
   *
   * @returns the answer the request would have had without a task: the monitor's last one, or the Task; for work that
   * waits for a restart or a maintenance window, the Task with status 202
   * @throws RedfishTaskError, or the error that the monitor ends with
   */
  async follow(accepted: Reply, scope: CallScope, onProgress?: (progress: Progress) => void): Promise<Reply> {
    this.#onProgress = onProgress;
    this.#note(accepted);
    if (this.#reported === undefined) this.#report({});
    const end = await this.#poll(accepted, scope);
    // The last answer of a monitor says nothing about the progress.
    if (end.status !== 202 && this.#reported?.percent !== 100) {
      this.#report({ percent: 100, message: stateOf(end.body) ?? 'Completed' });
    }
    return end;
  }

  async #poll(accepted: Reply, scope: CallScope): Promise<Reply> {
    let reply = accepted;
    for (let lost = 0; ;) {
      await delay(this.#wait(reply), scope.signal);
      try {
        reply = this.#checked(await this.io.ask('GET', this.#polled, scope.signal));
        lost = 0;
      } catch (error) {
        lost += 1;
        if (error instanceof RedfishNotFoundError) {
          const former = this.#polled;
          const end = await this.#elsewhere(scope.signal);
          if (end !== undefined) return end;
          if (this.#polled !== former) continue;
        }
        const mayPass = isPassing(error) || isOdd(error);
        if (!mayPass || lost > MOST_LOST || scope.signal.aborted) throw this.#vanished(error);
        continue;
      }
      this.#allow = reply.allow;
      this.#note(reply);
      const end = this.#end(reply);
      if (end !== undefined) return end;
    }
  }

  /** A Task always has a state; a web server in front of a BMC that restarts may answer anything. */
  #checked(reply: Reply): Reply {
    const isTask = this.#task !== undefined && samePath(this.#task, this.#polled);
    if (!isTask || reply.status !== 200 || stateOf(reply.body) !== undefined) return reply;
    const { url, status, headers } = reply;
    const text = `GET ${url} answered ${status} without the state of the task.`;
    throw new RedfishResponseError(text, {
      method: 'GET',
      url,
      status,
      contentType: headers['content-type'],
    });
  }

  /** Deletes the monitor, or the Task, if `Allow` has DELETE. Returns whether it did. */
  async cancel(signal?: AbortSignal): Promise<boolean> {
    const allow = this.#allow ?? (await this.io.ask('GET', this.monitor, signal)).allow;
    if (allow.includes('DELETE')) {
      await this.io.ask('DELETE', this.monitor, signal);
      return true;
    }
    if (this.#task === undefined || samePath(this.#task, this.monitor)) return false;
    const task = await this.io.ask('GET', this.#task, signal);
    if (!task.allow.includes('DELETE')) return false;
    await this.io.ask('DELETE', this.#task, signal);
    return true;
  }

  /**
   * The end of a task whose monitor does not exist any more: from the Task itself, or among the jobs. If the task goes on,
   * that is polled from now on.
   */
  async #elsewhere(signal: AbortSignal): Promise<Reply | undefined> {
    const id = bare(this.monitor.split('?')[0] ?? '')
      .split('/')
      .at(-1);
    const ask = async (path: string): Promise<Reply | undefined> => {
      const reply = await this.io.ask('GET', path, signal);
      if (stateOf(reply.body) === undefined) return undefined;
      const end = this.#end(reply);
      if (end === undefined) this.#polled = path;
      return end;
    };
    const jobs = async (): Promise<Reply | undefined> => {
      const collection = await this.io.jobs(signal);
      return collection === undefined ? undefined : ask(`${bare(collection)}/${id ?? ''}`);
    };
    const task = this.#task;
    const isOther = task !== undefined && !samePath(task, this.#polled);
    for (const look of isOther ? [async () => ask(task), jobs] : [jobs]) {
      try {
        const former = this.#polled;
        const end = await look();
        if (end !== undefined || this.#polled !== former) return end;
      } catch (error) {
        if (error instanceof RedfishTaskError || signal.aborted) throw error;
      }
    }
    return undefined;
  }

  #wait(reply: Reply): number {
    const { interval, least } = this.io.pace;
    const asked = retryAfterOf(reply.headers['retry-after']) ?? interval;
    return Math.min(MOST_WAIT, Math.max(least, asked));
  }

  #note({ body }: Reply): void {
    const state = stateOf(body);
    if (state === undefined) return;
    this.#isAccepted = ACCEPTED.test(state);
    const own = linkOf(body);
    if (own !== undefined) this.#task = this.io.links.locate(own).path ?? this.#task;
    this.#report(progressOf(body, this.io.scrubber));
  }

  #report(step: Progress): void {
    const progress = { ...step, task: this.place };
    if (JSON.stringify(progress) === JSON.stringify(this.#reported)) return;
    this.#reported = progress;
    this.#onProgress?.(progress);
  }

  #end(reply: Reply): Reply | undefined {
    const state = stateOf(reply.body);
    if (state !== undefined && FAILED.test(state)) throw this.#failed(state, reply);
    if (state !== undefined && DONE.test(state)) return withCreated(reply, this.io.links);
    if (this.#isAccepted) return { ...reply, status: 202, location: this.monitor };
    if (reply.status === 202) return undefined;
    // Some BMCs answer 200 with the Task while it runs; any other 200 is the final answer.
    return state === undefined ? reply : undefined;
  }

  #failed(state: string, { body, url, status, headers }: Reply): RedfishTaskError {
    const messages = extendedInfo(valueAt(body, 'Messages')).map((message) =>
      this.io.scrubber.message(message),
    );
    const said = summary(messages) || this.io.scrubber.text(textAt(body, 'Message') ?? '');
    const text = `The task ${url} ended in state ${state}${said === '' ? '.' : `: ${said}`}`;
    const answer = { status, headers, body: this.io.scrubber.json(body) };
    const details = { url, status, contentType: headers['content-type'], messages, answer };
    return new RedfishTaskError(state, text, details);
  }

  #vanished(error: unknown): unknown {
    if (!(error instanceof RedfishNotFoundError)) return error;
    const { url, status, contentType, messages } = error;
    const text = `The task ${url ?? this.monitor} vanished before its final state could be read.`;
    return new RedfishTaskError('Vanished', text, { url, status, contentType, messages, cause: error });
  }
}

/** An answer that is none of a Redfish service, such as a web page. */
function isOdd(error: unknown): boolean {
  return error instanceof RedfishResponseError && error.messages.length === 0;
}

function stateOf(body: JsonObject | undefined): string | undefined {
  return textAt(body, 'TaskState') ?? textAt(body, 'JobState');
}

function progressOf(body: JsonObject | undefined, scrubber: Scrubber): Progress {
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
function withCreated(reply: Reply, links: Links): Reply {
  const [created] = linksOf(valueAt(reply.body, 'Links', 'CreatedResources'));
  if (created === undefined) return reply;
  return { ...reply, location: links.locate(created).path };
}
