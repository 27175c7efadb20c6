import { type Child, type FleetCallState, type OpenFleetCall, stopReason } from './fleet-call.js';
import { type Attempted } from './fleet-children.js';
import { type Standing } from './fleet-run.repository.js';

/** Children that are read at once. */
const PAGE = 500;
/** Milliseconds between two attempts on a locked node. */
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 10_000;
/** After a failure of the database, or while no jobs are accepted. */
const OUTAGE_PAUSE = 1_000;

interface Held {
  readonly child: Child;
  /** `performance.now()` of its first attempt. */
  readonly since: number;
  readonly pause: number;
  readonly again: number;
}

/** What a drive needs of the process. */
export interface DriveHost {
  read(): Promise<OpenFleetCall | undefined>;
  standing(call: OpenFleetCall): Promise<Standing>;
  waiting(after: number, limit: number): Promise<readonly Child[]>;
  states(
    jobIds: readonly string[],
  ): Promise<readonly { readonly jobId: string; readonly position: number; readonly state: string }[]>;
  start(call: OpenFleetCall, child: Child, isPatient: () => boolean): Promise<Attempted>;
  refuse(child: Child, attempted: Extract<Attempted, { error: unknown }>): Promise<void>;
  cancelJobs(call: OpenFleetCall, jobIds: readonly string[]): Promise<void>;
  stop(call: OpenFleetCall, reason: string): Promise<void>;
  /** @returns whether it has ended. */
  end(call: OpenFleetCall): Promise<boolean>;
  /** Whether this process may start jobs. */
  readonly isServing: boolean;
  onError(error: unknown): void;
}

/**
 * Starts the jobs of one fleet call, and sees them end. What it knows is in the database, too, so that another process can
 * go on where this one was; the database lets none of its jobs begin twice.
 */
export class FleetDrive {
  private call: OpenFleetCall | undefined;
  /** By the ids of their jobs: those that are being started, and those whose job has not ended. */
  private readonly starting = new Map<string, Child>();
  private readonly started = new Set<string>();
  /** Jobs of which something has changed. */
  private readonly changed = new Set<string>();
  private ready: Child[] = [];
  private held: Held[] = [];
  private readFrom = -1;
  private hasReadAll = false;
  private failed = 0;
  private failedCanary = 0;
  private succeededCanary = 0;
  private isCancelled = false;
  private pausedUntil = 0;
  private isOver = false;
  private isAsked = true;
  private wake = (): void => {};

  constructor(
    private readonly host: DriveHost,
    private state: FleetCallState,
  ) {}

  /** Ends when the fleet call has ended, or this process lets it go. Never rejects. */
  async run(): Promise<void> {
    while (!this.isOver) {
      this.isAsked = false;
      try {
        if (await this.round()) return;
      } catch (error) {
        this.host.onError(error);
        this.pausedUntil = performance.now() + OUTAGE_PAUSE;
      }
      await this.rest();
    }
  }

  /** Lets it go; jobs that are being started may still begin. */
  leave(): void {
    this.isOver = true;
    this.ask();
  }

  /** Its state, as somebody has read it. */
  observe(state: FleetCallState): void {
    if (state === this.state) return;
    this.state = state;
    this.ask();
  }

  /** @param jobIds of jobs that ended; undefined: any may have. */
  onChange(jobIds: readonly string[] | undefined): void {
    for (const id of jobIds ?? this.started) {
      if (this.started.has(id) || this.starting.has(id)) this.changed.add(id);
    }
    if (this.changed.size > 0) this.ask();
  }

  /** @returns whether it has ended. */
  private async round(): Promise<boolean> {
    const call = this.call ?? (await this.load());
    if (!call) return true;
    await this.harvest();
    if (this.isOpen) await this.stopIfDue(call);
    if (this.state === 'cancelling' && !this.isCancelled) {
      await this.host.cancelJobs(call, [...this.started]);
      this.isCancelled = true;
    }
    if (this.state === 'running') await this.startMore(call);
    return this.mayHaveEnded && (await this.host.end(call));
  }

  private get isOpen(): boolean {
    return this.state === 'running' || this.state === 'paused';
  }

  private get mayHaveEnded(): boolean {
    if (this.starting.size > 0 || this.started.size > 0) return false;
    return !this.isOpen || (this.hasReadAll && this.ready.length === 0 && this.held.length === 0);
  }

  private async load(): Promise<OpenFleetCall | undefined> {
    const call = await this.host.read();
    if (!call) return undefined;
    const { started, ...counts } = await this.host.standing(call);
    this.failed = counts.failed;
    this.failedCanary = counts.failedCanary;
    this.succeededCanary = counts.succeededCanary;
    for (const id of started) this.started.add(id);
    // They may have ended since they were read.
    this.onChange(undefined);
    this.call = call;
    return call;
  }

  private async harvest(): Promise<void> {
    const asked = [...this.changed];
    if (asked.length === 0) return;
    const found = await this.host.states(asked);
    for (const id of asked) this.changed.delete(id);
    for (const { jobId, position, state } of found) {
      if (state === 'waiting' || state === 'started') continue;
      this.starting.delete(jobId);
      if (this.started.delete(jobId)) this.count(position, state);
    }
  }

  private count(position: number, state: string): void {
    const isCanary = position < (this.call?.canary ?? 0);
    if (state === 'succeeded') this.succeededCanary += isCanary ? 1 : 0;
    else if (state !== 'skipped') {
      this.failed++;
      if (isCanary) this.failedCanary++;
    }
  }

  private async stopIfDue(call: OpenFleetCall): Promise<void> {
    const { failed, failedCanary } = this;
    const reason = stopReason(call, { failed, failedCanary });
    if (reason === undefined) return;
    await this.host.stop(call, reason);
    this.state = 'stopping';
  }

  private async startMore(call: OpenFleetCall): Promise<void> {
    while (
      this.state === 'running' &&
      this.host.isServing &&
      performance.now() >= this.pausedUntil &&
      this.started.size < call.parallelism
    ) {
      const next = await this.next(call);
      if (!next) return;
      this.start(call, next);
    }
  }

  /** Those that were locked come before new ones once their time has come. */
  private async next(call: OpenFleetCall): Promise<Held | undefined> {
    const now = performance.now();
    const index = this.held.findIndex(({ again }) => again <= now);
    if (index >= 0) return this.held.splice(index, 1)[0];
    if (this.ready.length === 0 && !this.hasReadAll) {
      this.ready = [...(await this.host.waiting(this.readFrom, PAGE))];
      this.readFrom = this.ready.at(-1)?.position ?? this.readFrom;
      this.hasReadAll = this.ready.length < PAGE;
    }
    const [first] = this.ready;
    if (!first || (first.position >= call.canary && this.succeededCanary < call.canary)) return undefined;
    this.ready.shift();
    return { child: first, since: now, pause: FIRST_PAUSE, again: now };
  }

  private start(call: OpenFleetCall, held: Held): void {
    const { child, since } = held;
    this.started.add(child.jobId);
    this.starting.set(child.jobId, child);
    const isPatient = (): boolean => performance.now() - since < call.lockWait * 1_000;
    void this.host
      .start(call, child, isPatient)
      .then((attempted) => this.attempted(held, attempted))
      .catch((error: unknown) => {
        this.host.onError(error);
        this.later(held, OUTAGE_PAUSE);
      })
      .finally(() => this.ask());
  }

  private async attempted(held: Held, attempted: Attempted): Promise<void> {
    const { child } = held;
    this.starting.delete(child.jobId);
    if (attempted.became === 'started') return;
    if (attempted.became === 'refused') {
      await this.host.refuse(child, attempted);
      this.changed.add(child.jobId);
    } else if (attempted.became === 'busy') this.later(held, held.pause);
    else {
      if (attempted.became === 'away') this.pausedUntil = performance.now() + OUTAGE_PAUSE;
      await this.look(held);
    }
  }

  /** There may be a job in spite of the answer. */
  private async look(held: Held): Promise<void> {
    const { jobId } = held.child;
    const [found] = await this.host.states([jobId]);
    if (found?.state === 'waiting') this.later(held, OUTAGE_PAUSE);
    else this.changed.add(jobId);
  }

  private later(held: Held, pause: number): void {
    const { jobId } = held.child;
    this.starting.delete(jobId);
    this.started.delete(jobId);
    this.held.push({
      ...held,
      pause: Math.min(held.pause * 2, LONGEST_PAUSE),
      again: performance.now() + pause,
    });
  }

  private ask(): void {
    this.isAsked = true;
    this.wake();
  }

  /** When it goes on by itself. */
  private get nextTime(): number | undefined {
    if (this.pausedUntil > performance.now()) return this.pausedUntil;
    const hasRoom = this.started.size < (this.call?.parallelism ?? 0);
    if (this.state !== 'running' || !hasRoom || this.held.length === 0) return undefined;
    return Math.min(...this.held.map(({ again }) => again));
  }

  /** Until there is something to do. */
  private async rest(): Promise<void> {
    if (this.isAsked || this.isOver) return;
    const next = this.nextTime;
    await new Promise<void>((resolve) => {
      const timer =
        next === undefined ? undefined : setTimeout(resolve, Math.max(0, next - performance.now())).unref();
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
