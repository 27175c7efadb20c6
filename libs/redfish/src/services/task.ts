import type { Account } from '../access/account.js';
import { RedfishTaskError, RedfishTimeoutError } from '../errors.js';
import { isJsonObject, linkOf, type JsonValue } from '../json.js';
import { TaskMonitor, type TaskIo } from '../resources/task-monitor.js';
import { published, type Reply } from '../wire/answer.js';
import { bare } from '../wire/links.js';
import type { CallOptions, Progress, RedfishReply, RedfishRequest } from '../types.js';

/** A task that a request began at the BMC. It runs whether or not anybody waits for it. */
export class RedfishTask {
  /** The answer that announced it, with status 202. */
  readonly accepted: RedfishReply;
  readonly #begun: Reply;
  readonly #request: RedfishRequest;
  readonly #monitor: TaskMonitor;
  readonly #account: () => Account;
  #last: Progress | undefined;
  #end: RedfishReply | RedfishTaskError | undefined;

  private constructor(request: RedfishRequest, begun: Reply, monitor: TaskMonitor, account: () => Account) {
    this.accepted = published(begun);
    this.#begun = begun;
    this.#request = request;
    this.#monitor = monitor;
    this.#account = account;
  }

  /**
   * The task of a 202; undefined if it names none.
   *
   * @internal
   * @throws RedfishForeignLinkError if it is at another origin
   */
  static of(request: RedfishRequest, begun: Reply, account: () => Account): RedfishTask | undefined {
    const monitor = TaskMonitor.of(begun, ioOf(request, account));
    return monitor === undefined ? undefined : new RedfishTask(request, begun, monitor, account);
  }

  /** The path that is polled: the task monitor, or the Task where the BMC names no monitor. */
  get path(): string {
    return this.#monitor.monitor;
  }

  /** The last progress a `wait` has seen. */
  get progress(): Progress | undefined {
    return this.#last;
  }

  /**
   * Polls until the task ends. An abort or timeout ends only the waiting; `wait` may be called again. One call at a time.
   *
   * @param options `timeout` in milliseconds; default: the `task` timeout of the pool
   * @returns the answer the request would have had without a task, or the Task; with status 202 for work that waits for a
   * restart or a maintenance window
   * @throws RedfishTaskError if the task failed, was cancelled or vanished
   * @throws RedfishTimeoutError with phase `task`
   */
  async wait(options: CallOptions = {}): Promise<RedfishReply> {
    return this.#account().use(async () => this.#follow(options, true));
  }

  /** As `wait`, but aborting deletes the task unless the request asked for later work. @internal */
  async follow(options: Pick<CallOptions, 'signal' | 'onProgress'>): Promise<RedfishReply> {
    return this.#follow(
      { signal: options.signal, onProgress: options.onProgress },
      isKept(this.#request, this.#begun),
    );
  }

  /**
   * Asks the BMC to delete the task, which cancels it.
   *
   * @returns false if the BMC does not allow that; the task goes on
   */
  async cancel(options: Pick<CallOptions, 'signal'> = {}): Promise<boolean> {
    return this.#account().use(async () => this.#monitor.cancel(options.signal));
  }

  async #follow(options: CallOptions, isLeft: boolean): Promise<RedfishReply> {
    if (this.#end instanceof RedfishTaskError) throw this.#end;
    if (this.#end !== undefined) return this.#end;
    const account = this.#account();
    const { method } = this.#request;
    const { url } = this.#begun;
    const time = options.timeout ?? account.bmc.settings.timeouts.task;
    const text = `The task that ${method} ${url} began has not ended after ${time} ms.`;
    const late = (): Error => new RedfishTimeoutError('task', text, { url });
    const scope = account.open(time, late, options.signal);
    const onProgress = (progress: Progress): void => {
      this.#last = progress;
      options.onProgress?.(progress);
    };
    try {
      const waiting = { onProgress, isKept: isLeft };
      const reply = published(await this.#monitor.follow(this.#begun, scope, waiting));
      // Work that waits for a restart has not ended.
      if (reply.status !== 202) this.#end = reply;
      return reply;
    } catch (error) {
      if (error instanceof RedfishTaskError) this.#end = error;
      throw error;
    } finally {
      scope.close();
    }
  }
}

/** A task may outlive the session, and even the account, that began it, so that both are asked for each time. */
function ioOf(request: RedfishRequest, account: () => Account): TaskIo {
  const { links, settings } = account().bmc;
  const payload = request.body ?? request.upload?.parameters;
  return {
    links,
    ask: async (method, path, signal) => account().call({ method, path, signal }, {}, payload),
    background: (work) => account().background(work),
    get scrubber() {
      return account().scrubber(payload);
    },
    pace: settings.taskPoll,
    jobs: async (signal) => {
      const service = linkOf((await account().root({ signal })).body['JobService']);
      if (service === undefined) return undefined;
      return linkOf((await account().call({ method: 'GET', path: service, signal })).body?.['Jobs']);
    },
  };
}

/** Whether a request asked for work at a later time, or made a job that is a resource of its own. */
function isKept({ body, upload, path }: RedfishRequest, { location }: Reply): boolean {
  return (
    applyTimes(body ?? upload?.parameters).some((time) => !/^immediate$/i.test(time)) ||
    location?.startsWith(`${bare(path)}/`) === true
  );
}

function applyTimes(value: JsonValue | undefined): string[] {
  if (Array.isArray(value)) return value.flatMap(applyTimes);
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    typeof item === 'string' && /ApplyTime$/i.test(key) ? [item] : applyTimes(item),
  );
}
