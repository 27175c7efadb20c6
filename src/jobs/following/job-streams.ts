import { FerruleError } from '@ferrule/driver-kit';
import { Injectable, Logger } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { type Caller } from '../../auth/caller.js';
import { originOf } from '../../auth/origin.js';
import { type Moment } from '../../database/reads/job-changes.js';
import { EventStream } from '../../http/replies/event-stream.js';
import { sendEmpty } from '../../http/replies/reply.js';
import { header } from '../../http/request.js';
import { NoFreeConductorWorker } from '../../lifecycle/errors.js';
import { Lifecycle } from '../../lifecycle/lifecycle.js';
import { reasonOf } from '../../logging/reason-of.js';
import { throttled } from '../../logging/throttled.js';
import { FairQueue } from '../../waiting/fair-queue.js';
import { Places } from '../../waiting/places.js';
import { type Job } from '../record/job.js';
import { JobRepository } from '../record/job.repository.js';
import { JobAccess } from '../record/job-access.js';
import { type ChangedPage, JobPages } from '../record/job-pages.js';
import { hasEnded } from '../../database/job-state.js';
import { jobJson } from '../record/job.view.js';
import { JobStream, type StreamFilter, type StreamSource } from './job-stream.js';
import { JobWatch, type Step } from './job-watch.js';
import { type Position, positionOf, type Window, windowsTo } from '../record/position.js';

const MOST_STREAMS = 500;
const SHARE = 100;
const PAGE = 200;
/** Pages that are read at once. */
const AT_ONCE = 4;

/** 503: `Retry-After` has the seconds. */
export class TooManyStreams extends FerruleError {
  readonly code = 'TooManyStreams';
  readonly status = 503;
  constructor() {
    super(`${MOST_STREAMS} clients follow jobs already, or ${SHARE} of this caller. Please retry.`);
  }

  override get headers(): Readonly<Record<string, string>> {
    return { 'Retry-After': '5' };
  }
}

/** The streams of events of this process. */
@Injectable()
export class JobStreams {
  private readonly logger = new Logger(JobStreams.name);
  private readonly warn = throttled((message) => this.logger.warn(message));
  private readonly streams = new Set<JobStream>();
  private readonly turns = new FairQueue(AT_ONCE);
  /** What all streams of callers who see all jobs send next. */
  private readonly shared = new WeakMap<Step, Promise<ChangedPage>>();
  private readonly places = new Places(MOST_STREAMS, SHARE);

  constructor(
    private readonly watch: JobWatch,
    private readonly pages: JobPages,
    private readonly jobs: JobRepository,
    private readonly access: JobAccess,
    private readonly lifecycle: Lifecycle,
  ) {
    lifecycle.onDrain(() => {
      for (const stream of this.streams) stream.end();
    });
  }

  /**
   * Answers with a stream, which goes on after the promise has resolved.
   * @throws TooManyStreams, NoFreeConductorWorker, DatabaseUnavailable (503): nothing was sent.
   */
  async open(request: Request, response: Response, base: string, filter: StreamFilter): Promise<void> {
    if (this.lifecycle.isDraining) throw new NoFreeConductorWorker('The service is shutting down');
    const giveBack = this.places.take(originOf(request));
    if (!giveBack) throw new TooManyStreams();
    let stream: JobStream | undefined;
    const unfollow = this.watch.follow((step) => stream?.onStep(step));
    const leave = (): void => {
      unfollow();
      giveBack();
    };
    try {
      const now = await this.watch.now();
      const id = header(request, 'last-event-id');
      const after = id === undefined ? undefined : positionOf(id);
      const position = JobStream.beginning(now, filter, after);
      const source = this.source(request, base);
      if (position === after && (await this.isDone(now, position, filter, source, request.caller))) {
        sendEmpty(response, 204);
        leave();
        return;
      }
      const events = new EventStream(response);
      stream = new JobStream(events, source, filter, request.caller, position);
      const isReset = id !== undefined && position !== after;
      void this.run(stream, events, stream.run(now, isReset), response).finally(leave);
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** Whether the client has got the end of its job: 204 keeps a browser from coming back. */
  private async isDone(
    now: Moment,
    position: Position,
    filter: StreamFilter,
    source: StreamSource,
    caller: Caller,
  ): Promise<boolean> {
    if (filter.id === undefined) return false;
    for (const window of windowsTo(now, position)) {
      if ((await source.page(window, filter, caller, undefined)).jobs.length > 0) return false;
    }
    const job = await this.jobs.findCalled(filter.id);
    return job === undefined || hasEnded(job.state);
  }

  private async run(
    stream: JobStream,
    events: EventStream,
    running: Promise<void>,
    response: Response,
  ): Promise<void> {
    this.streams.add(stream);
    response.once('close', () => stream.end());
    try {
      await running;
    } catch (error) {
      // The client comes back, goes on where it was, and learns more.
      if (!FerruleError.is(error)) this.warn(`A stream of jobs ended: ${reasonOf(error)}`);
    } finally {
      this.streams.delete(stream);
      events.end();
    }
  }

  private source(request: Request, base: string): StreamSource {
    const origin = originOf(request);
    return {
      recognize: () => request.recognize(),
      json: (job, caller) => this.json(job, caller, base),
      page: (window, filter, caller, step) => this.page(window, filter, caller, step, origin),
    };
  }

  private json(job: Job, caller: Caller, base: string): Buffer {
    return jobJson(job, base, this.access.sightOf(caller, job));
  }

  private page(
    window: Window,
    filter: StreamFilter,
    caller: Caller,
    step: Step | undefined,
    origin: string,
  ): Promise<ChangedPage> {
    const visible = this.access.visible(caller);
    const read = (only: StreamFilter): Promise<ChangedPage> =>
      this.turns.run(origin, () => this.pages.changed({ ...only, window, visible, limit: PAGE }));
    if (step === undefined || visible !== undefined || filter.id !== undefined) return read(filter);
    const known = this.shared.get(step) ?? read({});
    this.shared.set(step, known);
    return known;
  }
}
