import type { ClientAccess } from '../access/client-access.js';
import { ownError } from '../access/sending.js';
import { RedfishError, RedfishTaskError, RedfishTimeoutError } from '../errors.js';
import { linkOf } from '../json.js';
import { TaskMonitor, type TaskIo } from '../resources/task-monitor.js';
import { published, type Reply } from '../wire/answer.js';
import type { CallOptions, Progress, RedfishReply, RedfishRequest } from '../types.js';

/** A task that a request began at the BMC. It runs whether or not anybody waits for it. */
export class RedfishTask {
  /** The answer that announced it, with status 202. */
  readonly accepted: RedfishReply;
  readonly #begun: Reply;
  readonly #monitor: TaskMonitor;
  readonly #access: () => ClientAccess;
  /** How messages call it. */
  readonly #title: string;
  #last: Progress | undefined;
  #end: RedfishReply | RedfishTaskError | undefined;

  private constructor(title: string, begun: Reply, monitor: TaskMonitor, access: () => ClientAccess) {
    this.accepted = published(begun);
    this.#begun = begun;
    this.#title = title;
    this.#monitor = monitor;
    this.#access = access;
  }

  /**
   * The task of a 202; undefined if it names none.
   *
   * @internal
   * @throws RedfishForeignLinkError if it is at another origin
   */
  static of(request: RedfishRequest, begun: Reply, access: () => ClientAccess): RedfishTask | undefined {
    const monitor = TaskMonitor.of(begun, ioOf(request, access));
    const title = `that ${request.method} ${begun.url} began`;
    return monitor === undefined ? undefined : new RedfishTask(title, begun, monitor, access);
  }

  /**
   * A task by the path of its resource, and an answer that shows it.
   *
   * @internal
   */
  static at(path: string, request: RedfishRequest, shown: Reply, access: () => ClientAccess): RedfishTask {
    const monitor = TaskMonitor.at(path, ioOf(request, access));
    return new RedfishTask(shown.url, { ...shown, location: path }, monitor, access);
  }

  /** The path that is polled: the task monitor, or the Task where the BMC names no monitor or no longer has it. */
  get path(): string {
    return this.#monitor.polled;
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
   * @throws RedfishError with `mayBeDone`, that of the last poll, if too many in a row failed
   * @throws RedfishTimeoutError with phase `task`
   */
  async wait(options: CallOptions = {}): Promise<RedfishReply> {
    return this.#access().use(async () => this.#follow(options));
  }

  /**
   * Asks the BMC to delete the task, which cancels it.
   *
   * @returns false if the BMC does not allow that; the task goes on
   */
  async cancel(options: Pick<CallOptions, 'signal'> = {}): Promise<boolean> {
    return this.#access().use(async () => this.#monitor.cancel(options.signal));
  }

  async #follow(options: CallOptions): Promise<RedfishReply> {
    if (this.#end instanceof RedfishTaskError) throw this.#end;
    if (this.#end !== undefined) return this.#end;
    const access = this.#access();
    const { url } = this.#begun;
    const time = options.timeout ?? access.bmc.settings.timeouts.task;
    const late = (): Error => {
      const failure = this.#monitor.lastFailure;
      const last = failure === undefined ? '' : ` The last poll of it failed: ${failure.message}`;
      const text = `The task ${this.#title} has not ended after ${time} ms.${last}`;
      return new RedfishTimeoutError('task', text, { url });
    };
    const scope = access.open(time, late, options.signal);
    const onProgress = (progress: Progress): void => {
      this.#last = progress;
      options.onProgress?.(progress);
    };
    try {
      const reply = published(await this.#monitor.follow(this.#begun, scope, onProgress));
      // Work that waits for a restart has not ended.
      if (reply.status !== 202) this.#end = reply;
      return reply;
    } catch (error) {
      if (!(error instanceof RedfishError)) throw error;
      const told = this.#told(error);
      if (told instanceof RedfishTaskError) this.#end = told;
      throw told;
    } finally {
      scope.close();
    }
  }

  #told(error: RedfishError): RedfishError {
    const task = this.#monitor.place;
    if (this.#monitor.isEnd(error)) return RedfishError.note(error, { task });
    const words =
      error instanceof RedfishTaskError
        ? 'The BMC may have done it.'
        : `The task ${task} was left as it is; the BMC may go on with it.`;
    return RedfishError.note(ownError(error), { task, words });
  }
}

/** A task may outlive the session, and even the account, that began it, so that both are asked for each time. */
function ioOf(request: RedfishRequest, access: () => ClientAccess): TaskIo {
  const { links, settings } = access().bmc;
  const payload = request.body ?? request.upload?.parameters;
  return {
    links,
    ask: async (method, path, options) => access().call({ ...options, method, path }, {}, payload),
    get scrubber() {
      return access().scrubber(payload);
    },
    pace: settings.taskPoll,
    jobs: async (signal) => {
      const service = linkOf((await access().root({ signal })).body['JobService']);
      if (service === undefined) return undefined;
      return linkOf((await access().call({ method: 'GET', path: service, signal })).body?.['Jobs']);
    },
  };
}
