import { type Caller } from '../../auth/caller.js';
import { type Moment } from '../../database/reads/job-changes.js';
import { type EventStream } from '../../http/replies/event-stream.js';
import { type Job } from '../record/job.js';
import { type ChangedPage } from '../record/job-pages.js';
import { hasEnded, type JobState } from '../../database/job-state.js';
import { type Step } from './job-watch.js';
import {
  BEGINNING,
  idOf,
  type ChangeKey,
  type Position,
  positionAt,
  type Window,
  windowsTo,
} from '../record/position.js';

/** Which jobs; all without any. */
export interface StreamFilter {
  /** Of one job: the stream begins with its state, and ends with its end. */
  readonly id?: string | undefined;
  readonly nodeUuid?: string | undefined;
  readonly driver?: string | undefined;
  readonly method?: string | undefined;
  readonly state?: JobState | undefined;
  readonly fleetCall?: string | undefined;
}

export interface StreamSource {
  /** Of the jobs that the caller may see. @throws if it may see none. */
  page(window: Window, filter: StreamFilter, caller: Caller, step: Step | undefined): Promise<ChangedPage>;
  json(job: Job, caller: Caller): Buffer;
  /** @throws if the credentials are not accepted any more. */
  recognize(): Caller | Promise<Caller>;
}

const KEEP_ALIVE_MS = 15_000;

const RESET = Buffer.from(
  JSON.stringify({ message: 'Changes may have been left out. Please read the jobs that matter again.' }),
);

/**
 * Sends the changes of jobs, as fast as its client takes them: a slow one gets fewer states, and at most a small page
 * of jobs is kept for it.
 */
export class JobStream {
  private step: Step | undefined;
  private wake = (): void => {};
  private isOver = false;

  /** @param position after which it begins; undefined: with the state of its job, or with what changes from now on. */
  constructor(
    private readonly events: EventStream,
    private readonly source: StreamSource,
    private readonly filter: StreamFilter,
    private caller: Caller,
    private position: Position,
  ) {}

  /** Where a stream begins. @param after of the last event that the client got. */
  static beginning(now: Moment, { id }: StreamFilter, after: Position | undefined): Position {
    if (after?.history === now.history) return after;
    if (id === undefined) return positionAt(now);
    return { history: now.history, window: { since: BEGINNING, until: BEGINNING } };
  }

  readonly onStep = (step: Step): void => {
    this.step = step;
    this.wake();
  };

  end(): void {
    this.isOver = true;
    this.wake();
  }

  /** @param now after which the steps come. @param isReset whether the client was somewhere else. */
  async run(now: Moment, isReset: boolean): Promise<void> {
    if (isReset) await this.reset(now);
    await this.events.keepAlive(idOf(this.position));
    await this.advance(now, undefined);
    let at = now;
    while (!this.isOver && !this.events.isOver) {
      const { step } = this;
      this.step = undefined;
      await this.keepAlive();
      if (step === undefined) {
        await this.rest();
        continue;
      }
      if (step.now.history !== this.position.history) await this.reset(step.now);
      else if (step.since !== at) await this.advance(step.now, undefined);
      else if (this.concerns(step)) await this.advance(step.now, step);
      else this.position = positionAt(step.now);
      at = step.now;
    }
  }

  private concerns({ jobs }: Step): boolean {
    const { id } = this.filter;
    if (jobs === undefined) return true;
    return id === undefined ? jobs.length > 0 : jobs.some((job) => job.id === id);
  }

  /** The positions are of another history, so that nobody can say what has changed. */
  private async reset(now: Moment): Promise<void> {
    this.position = JobStream.beginning(now, this.filter, undefined);
    if (this.filter.id === undefined)
      await this.events.send({ name: 'reset', id: idOf(this.position), data: RESET });
    else await this.advance(now, undefined);
  }

  /** Sends what changed between its position and a moment. */
  private async advance(now: Moment, step: Step | undefined): Promise<void> {
    const windows = windowsTo(now, this.position);
    for (const window of windows) await this.sendWindow(window, windows.length === 1 ? step : undefined);
    if (!this.isOver) this.position = positionAt(now);
  }

  private async sendWindow(whole: Window, step: Step | undefined): Promise<void> {
    let shared = step;
    for (let { after } = whole; !this.isOver && !this.events.isOver;) {
      await this.assertRecognized();
      const { jobs, isFull } = await this.source.page({ ...whole, after }, this.filter, this.caller, shared);
      shared = undefined;
      for (const { job, key } of jobs) {
        await this.send(job, whole, key);
        if (this.isOver || this.events.isOver) return;
        after = key;
      }
      if (!isFull) return;
    }
  }

  private async send(job: Job, whole: Window, after: ChangeKey): Promise<void> {
    const { history } = this.position;
    this.position = { history, window: { ...whole, after } };
    if (!this.wants(job)) return;
    await this.assertRecognized();
    await this.events.send({ id: idOf(this.position), data: this.source.json(job, this.caller) });
    if (this.filter.id !== undefined && hasEnded(job.state)) this.end();
  }

  private wants({ nodeUuid, driver, operation, state, fleetCall }: Job): boolean {
    const { filter } = this;
    return (
      (filter.nodeUuid === undefined || filter.nodeUuid === nodeUuid) &&
      (filter.driver === undefined || filter.driver === driver) &&
      (filter.method === undefined || filter.method === operation.name) &&
      (filter.state === undefined || filter.state === state) &&
      (filter.fleetCall === undefined || filter.fleetCall === fleetCall)
    );
  }

  /** Before each event: the strategies remember what they have found, so it costs nearly nothing. */
  private async assertRecognized(): Promise<void> {
    this.caller = await this.source.recognize();
  }

  private async keepAlive(): Promise<void> {
    if (this.events.silence < KEEP_ALIVE_MS) return;
    await this.assertRecognized();
    await this.events.keepAlive(idOf(this.position));
  }

  /** Until there is something to do. */
  private async rest(): Promise<void> {
    if (this.step || this.isOver || this.events.isOver) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.max(0, KEEP_ALIVE_MS - this.events.silence)).unref();
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
