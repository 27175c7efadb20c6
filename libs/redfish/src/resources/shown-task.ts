import type { Reply } from '../wire/answer.js';
import { linkOf } from '../json.js';
import type { Links } from '../wire/links.js';
import type { Scrubber } from '../wire/scrub.js';
import { progressOf, stageOf, stateOf, taskFailure, withCreated } from './task-state.js';
import type { Progress } from '../types.js';

/** What the BMC has shown of a task, in the 202 and in the answers to polls, and the progress that is reported. */
export class ShownTask {
  onProgress: ((progress: Progress) => void) | undefined;
  #path: string | undefined;
  #isShown = false;
  #isAccepted = false;
  #reported: Progress | undefined;

  constructor(
    readonly monitor: string,
    readonly io: { readonly links: Links; readonly scrubber: Scrubber },
  ) {}

  /** The path of the Task resource, if known; the monitor may be a different resource. */
  get path(): string | undefined {
    return this.#path;
  }

  /** The Task resource, else the monitor. */
  get place(): string {
    return this.#path ?? this.monitor;
  }

  /** Whether a Task was shown. */
  get isShown(): boolean {
    return this.#isShown;
  }

  note({ body }: Reply): void {
    const state = stateOf(body);
    if (state === undefined) return;
    this.#isShown = true;
    this.#isAccepted = stageOf(state) === 'accepted';
    const own = linkOf(body);
    if (own !== undefined) this.#path = this.io.links.locate(own).path ?? this.#path;
    this.#report(progressOf(body, this.io.scrubber));
  }

  /** Reports that there is a task, unless that is known. */
  begin(): void {
    if (this.#reported === undefined) this.#report({});
  }

  /** Reports the end: the last answer of a monitor says nothing about the progress. */
  finish(end: Reply): void {
    if (end.status === 202 || this.#reported?.percent === 100) return;
    this.#report({ percent: 100, message: stateOf(end.body) ?? 'Completed' });
  }

  /**
   * The end of the task if an answer tells it, else undefined.
   *
   * @param polled the path that was read
   * @throws RedfishTaskError for a task that failed
   */
  endOf(reply: Reply, polled: string): Reply | undefined {
    const state = stateOf(reply.body);
    const stage = state === undefined ? undefined : stageOf(state);
    if (state !== undefined && stage === 'failed') throw taskFailure(state, reply, this.io.scrubber);
    if (stage === 'done') return withCreated(reply, this.io.links);
    if (this.#isAccepted) return { ...reply, status: 202, location: polled };
    if (reply.status === 202) return undefined;
    // Some BMCs answer 200 with the Task while it runs; any other 200 is the final answer.
    return state === undefined ? reply : undefined;
  }

  #report(step: Progress): void {
    const progress = { ...step, task: this.place };
    if (JSON.stringify(progress) === JSON.stringify(this.#reported)) return;
    this.#reported = progress;
    this.onProgress?.(progress);
  }
}
