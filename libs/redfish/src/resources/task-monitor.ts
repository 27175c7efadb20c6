import type { Reply } from '../wire/answer.js';
import { RedfishError, RedfishForeignLinkError, RedfishNotFoundError, RedfishTaskError } from '../errors.js';
import { linkOf, textAt } from '../json.js';
import { FailedPolls } from './failed-polls.js';
import { isLasting, isUnshown, mayBeTaskResult } from './refusals.js';
import { bare, samePath, type Links } from '../wire/links.js';
import { delay, type CallScope } from '../wire/scope.js';
import type { Scrubber } from '../wire/scrub.js';
import { ShownTask } from './shown-task.js';
import { noTask, retryAfterIn, stateOf, vanished } from './task-state.js';
import type { Progress } from '../types.js';

interface AskOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with what each try fails with. */
  readonly onFailedTry?: ((error: unknown) => void) | undefined;
}

export interface TaskIo {
  readonly links: Links;
  readonly ask: (method: 'GET' | 'DELETE', path: string, options: AskOptions) => Promise<Reply>;
  readonly scrubber: Scrubber;
  /** Milliseconds between polls without Retry-After, and the least with one. */
  readonly pace: { readonly interval: number; readonly least: number };
  /** The path of the JobService's collection, if the BMC has one. */
  readonly jobs: (signal: AbortSignal) => Promise<string | undefined>;
}

/** What a Task tells beside its monitor: how it ended, that it runs, or that it does not exist or cannot be read. */
type Sight = Reply | RedfishTaskError | 'running' | 'gone' | 'unread';

export class TaskMonitor {
  /** What is polled: the monitor, or the Task. */
  #polled: string;
  #allow: readonly string[] | undefined;
  readonly #shown: ShownTask;
  readonly #failures: FailedPolls;

  private constructor(
    monitor: string,
    readonly io: TaskIo,
  ) {
    this.#polled = monitor;
    this.#shown = new ShownTask(monitor, io);
    this.#failures = new FailedPolls(io.pace);
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

  /** The path that is polled. */
  get polled(): string {
    return this.#polled;
  }

  /** The Task resource, else the monitor. */
  get place(): string {
    return this.#shown.place;
  }

  /** What the last poll failed with; undefined if it told something. */
  get lastFailure(): RedfishError | undefined {
    return this.#failures.last;
  }

  /** Whether an error of `follow` is how the task ended; any other leaves that open. */
  isEnd(error: RedfishError): boolean {
    if (error instanceof RedfishTaskError) return error.state !== 'Vanished';
    return error !== this.lastFailure && mayBeTaskResult(error);
  }

  /**
   * Polls until the task has ended. When the scope is aborted, the task is left as it is.
   *
   * @returns the answer the request would have had without a task: the monitor's last one, or the Task; for work that
   * waits for a restart or a maintenance window, the Task with status 202
   * @throws RedfishTaskError, the error that the monitor ends with, or that of the last poll if too many failed
   */
  async follow(accepted: Reply, scope: CallScope, onProgress?: (progress: Progress) => void): Promise<Reply> {
    this.#shown.onProgress = onProgress;
    this.#failures.clear();
    this.#shown.note(accepted);
    this.#shown.begin();
    const end = await this.#poll(accepted, scope);
    this.#shown.finish(end);
    return end;
  }

  async #poll(accepted: Reply, scope: CallScope): Promise<Reply> {
    const { signal } = scope;
    let asked = retryAfterIn(accepted);
    for (;;) {
      await delay(this.#failures.pause(asked, scope.remaining), signal);
      try {
        const reply = await this.#ask(this.#polled, signal);
        this.#allow = reply.allow;
        const end = this.#end(reply, this.#polled);
        if (end !== undefined && (await this.#isNoAnswer(reply, signal))) throw noTask(reply);
        this.#failures.clear();
        if (end !== undefined) return end;
        asked = retryAfterIn(reply);
      } catch (error) {
        if (!(error instanceof RedfishError) || isLasting(error) || signal.aborted) throw error;
        const end = await this.#afterFailure(error, signal);
        if (end !== undefined) return end;
        asked = error.retryAfter;
      }
    }
  }

  async #ask(path: string, signal: AbortSignal): Promise<Reply> {
    const onFailedTry = (error: unknown): void => {
      if (!signal.aborted) this.#failures.tried(error);
    };
    return this.io.ask('GET', path, { signal, onFailedTry });
  }

  #end(reply: Reply, path: string): Reply | undefined {
    this.#shown.note(reply);
    return this.#shown.endOf(reply, path);
  }

  /** Returns the end of the task, or undefined if it is to be polled further; throws if that has no use. */
  async #afterFailure(error: RedfishError, signal: AbortSignal): Promise<Reply | undefined> {
    if (error instanceof RedfishNotFoundError) {
      const found = await this.#elsewhere(signal);
      if (found === 'gone') throw vanished(error, this.#polled);
      if (found === 'running') return undefined;
      if (found !== 'unread') return found;
    } else if (await this.#isResult(error, signal)) {
      this.#failures.clear();
      throw error;
    }
    if (!this.#failures.add(error)) throw vanished(error, this.#polled);
    return undefined;
  }

  /** Deletes the monitor, or the Task, if `Allow` has DELETE. Returns whether it did. */
  async cancel(signal?: AbortSignal): Promise<boolean> {
    const polled = this.#polled;
    const allow = this.#allow ?? (await this.io.ask('GET', polled, { signal })).allow;
    if (allow.includes('DELETE')) {
      await this.io.ask('DELETE', polled, { signal });
      return true;
    }
    const task = this.#other;
    if (task === undefined) return false;
    if (!(await this.io.ask('GET', task, { signal })).allow.includes('DELETE')) return false;
    await this.io.ask('DELETE', task, { signal });
    return true;
  }

  /** The Task, if something else is polled. */
  get #other(): string | undefined {
    const { path } = this.#shown;
    return path !== undefined && !samePath(path, this.#polled) ? path : undefined;
  }

  /**
   * What became of a task whose monitor does not exist (any more), from the Task itself, or from the BMC's jobs. What runs
   * there is polled from then on.
   */
  async #elsewhere(signal: AbortSignal): Promise<Reply | 'running' | 'gone' | 'unread'> {
    const task = this.#other;
    const seen = task === undefined ? 'gone' : await this.#see(task, signal);
    const job = seen === 'gone' ? await this.#job(signal) : undefined;
    const found = job === undefined ? seen : await this.#see(job, signal);
    if (found instanceof RedfishTaskError) throw found;
    if (found === 'running') this.#polled = job ?? task ?? this.#polled;
    return found;
  }

  async #job(signal: AbortSignal): Promise<string | undefined> {
    const id = bare(this.#polled.split('?')[0] ?? '')
      .split('/')
      .at(-1);
    try {
      const collection = await this.io.jobs(signal);
      return collection === undefined ? undefined : `${bare(collection)}/${id ?? ''}`;
    } catch (error) {
      if (!(error instanceof RedfishError) || signal.aborted) throw error;
      return undefined;
    }
  }

  async #see(path: string, signal: AbortSignal): Promise<Sight> {
    try {
      const reply = await this.#ask(path, signal);
      if (stateOf(reply.body) === undefined) return 'unread';
      return this.#end(reply, path) ?? 'running';
    } catch (error) {
      if (!(error instanceof RedfishError) || signal.aborted) throw error;
      if (error instanceof RedfishTaskError) return error;
      return isUnshown(error) ? 'gone' : 'unread';
    }
  }

  /** Whether the error of a poll is that of the request, and not one of a BMC that cannot answer for a while. */
  async #isResult(error: RedfishError, signal: AbortSignal): Promise<boolean> {
    if (!mayBeTaskResult(error)) return false;
    const isTold = error.messages.length > 0 && error.status !== undefined && error.status < 500;
    if (isTold || !this.#shown.isShown) return true;
    const task = this.#other;
    if (task === undefined) return false;
    const seen = await this.#see(task, signal);
    return seen !== 'running' && seen !== 'unread';
  }

  /** Whether a 200 without a Task, after one was shown, does not come from a monitor: a web server may answer anything. */
  async #isNoAnswer({ status, body, messages }: Reply, signal: AbortSignal): Promise<boolean> {
    if (!this.#shown.isShown || status !== 200 || stateOf(body) !== undefined || messages.length > 0)
      return false;
    const task = this.#other;
    if (task === undefined) return true;
    const seen = await this.#see(task, signal);
    if (seen instanceof RedfishTaskError) throw seen;
    return seen === 'running' || seen === 'unread';
  }
}
