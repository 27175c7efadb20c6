import { type FleetCallState, type OpenFleetCall } from '../fleet-call.js';
import { type NodeOutcome } from '../node-calls.js';
import { type RunHost } from './run-host.js';
import { Stopwatch } from './stopwatch.js';
import { Tally } from './tally.js';
import { type AgainOptions, type Turn, Turns } from './turns.js';

/** Milliseconds after a failure of the database, while no jobs are accepted, or after the end was refused. */
const OUTAGE_PAUSE = 1_000;
/** Nodes that are skipped in one statement. */
const SKIPPED_AT_ONCE = 5_000;
/** For a minute. */
const MOST_PUT_OFF = 6;

/**
 * Starts the jobs of one fleet call, and sees them end. What it knows is in the database, too, so that another process can
 * go on where this one was; the database lets none of its jobs begin twice.
 */
export class FleetRun {
  private call: OpenFleetCall | undefined;
  private tally: Tally | undefined;
  /** Ids of jobs that are being started, or have not ended. */
  private readonly started = new Set<string>();
  /** Those of which something has changed. */
  private readonly changed = new Set<string>();
  private readonly attempts = new Set<Promise<void>>();
  private readonly turns: Turns;
  private readonly running = new Stopwatch();
  private areJobsCancelled = false;
  private isRestSkipped = false;
  private pausedUntil = 0;
  private isOver = false;
  private isAsked = true;
  private wake = (): void => {};

  constructor(
    private readonly host: RunHost,
    private state: FleetCallState,
  ) {
    this.turns = new Turns(
      (after, limit) => host.waiting(after, limit),
      ({ position }) => this.tally?.isAllowed(position) ?? false,
    );
    this.running.go(state === 'running');
  }

  /** Ends when the fleet call has ended, or this process lets it go. Never rejects. */
  async run(): Promise<void> {
    while (!this.isOver) {
      this.isAsked = false;
      try {
        this.isOver = (await this.round()) || this.isOver;
      } catch (error) {
        this.host.onError(error);
        this.pausedUntil = performance.now() + OUTAGE_PAUSE;
      }
      await this.rest();
    }
    await Promise.all(this.attempts);
  }

  /** Lets it go, once the jobs that are being started have begun or not. */
  leave(): void {
    this.isOver = true;
    this.ask();
  }

  /** Its state, as somebody has read it. */
  observe(state: FleetCallState): void {
    if (state === this.state) return;
    this.state = state;
    this.running.go(state === 'running');
    this.ask();
  }

  /** @param jobIds of jobs that ended; undefined: any may have. */
  onChange(jobIds: readonly string[] | undefined): void {
    for (const id of jobIds ?? this.started) if (this.started.has(id)) this.changed.add(id);
    if (this.changed.size > 0) this.ask();
  }

  /** @returns whether it is over for this process. */
  private async round(): Promise<boolean> {
    const call = this.call ?? (await this.load());
    if (!call) return true;
    await this.harvest();
    if (this.isOpen) await this.stopIfDue();
    if (!this.isOpen) await this.endRest(call);
    if (this.state === 'running') await this.startMore(call);
    if (this.started.size > 0) return false;
    if (this.turns.areOver || !this.isOpen) return this.end(call);
    if (this.state !== 'running' || !this.turns.areElsewhere) return false;
    await this.host.release();
    return true;
  }

  private get isOpen(): boolean {
    return this.state === 'running' || this.state === 'paused';
  }

  private async load(): Promise<OpenFleetCall | undefined> {
    const call = await this.host.read();
    if (!call) return undefined;
    await this.readProgress(call);
    this.call = call;
    return call;
  }

  private async readProgress(call: OpenFleetCall): Promise<void> {
    const progress = await this.host.progress(call);
    this.tally = new Tally(call, progress);
    for (const id of progress.started) this.started.add(id);
    // They may have ended since they were read.
    this.onChange(undefined);
  }

  /** A process that had it before may have started a job after its progress was read here. */
  private async end(call: OpenFleetCall): Promise<boolean> {
    if (await this.host.end()) return true;
    await this.readProgress(call);
    this.pausedUntil = performance.now() + OUTAGE_PAUSE;
    return false;
  }

  private async harvest(): Promise<void> {
    const asked = [...this.changed];
    if (asked.length === 0) return;
    const found = await this.host.states(asked);
    for (const id of asked) this.changed.delete(id);
    for (const node of found) {
      if (node.state !== 'waiting' && node.state !== 'started' && this.started.delete(node.jobId)) {
        this.tally?.ended(node);
      }
    }
  }

  private async stopIfDue(): Promise<void> {
    const reason = this.tally?.stopReason;
    if (reason === undefined) return;
    await this.host.stop(reason);
    this.observe('stopping');
  }

  private async endRest(call: OpenFleetCall): Promise<void> {
    if (this.state === 'cancelling' && !this.areJobsCancelled) {
      await this.host.cancelJobs(call, [...this.started]);
      this.areJobsCancelled = true;
    }
    while (!this.isRestSkipped) {
      this.isRestSkipped = (await this.host.skip(SKIPPED_AT_ONCE)) < SKIPPED_AT_ONCE;
    }
  }

  private async startMore(call: OpenFleetCall): Promise<void> {
    while (
      this.state === 'running' &&
      this.host.isServing &&
      performance.now() >= this.pausedUntil &&
      this.started.size < call.parallelism
    ) {
      const turn = await this.turns.next(this.running.milliseconds);
      if (!turn) return;
      if (this.isInVain(call, turn)) this.turns.putOff(turn);
      else this.start(call, turn);
    }
  }

  private mayWait(call: OpenFleetCall, { begun }: Turn): boolean {
    return this.running.milliseconds - begun < call.lockWait * 1_000;
  }

  /** Whether its conductor is still away, which costs no statement to know; the node may have been given to others, though. */
  private isInVain(call: OpenFleetCall, turn: Turn): boolean {
    const { awaits, putOff } = turn;
    if (awaits === undefined || putOff >= MOST_PUT_OFF) return false;
    return !this.host.isServed(awaits) && this.mayWait(call, turn);
  }

  private start(call: OpenFleetCall, turn: Turn): void {
    this.started.add(turn.node.jobId);
    const mayWait = (): boolean => this.mayWait(call, turn);
    const attempt = this.host
      .attempt(call, turn.node, mayWait)
      .then((outcome) => this.attempted(turn, outcome))
      .catch((error: unknown) => {
        this.host.onError(error);
        this.again(turn, { pause: OUTAGE_PAUSE });
      })
      .finally(() => {
        this.attempts.delete(attempt);
        this.ask();
      });
    this.attempts.add(attempt);
  }

  private async attempted(turn: Turn, outcome: NodeOutcome): Promise<void> {
    if (outcome.is === 'accepted') return;
    if (outcome.is === 'later') this.again(turn, { awaits: outcome.awaits });
    else if (outcome.is === 'elsewhere') this.again(turn, { isElsewhere: true });
    else if (outcome.is === 'refused') {
      await this.host.refuse(turn.node, outcome.error);
      this.changed.add(turn.node.jobId);
    } else {
      if (outcome.is === 'unavailable') this.pausedUntil = performance.now() + OUTAGE_PAUSE;
      await this.look(turn);
    }
  }

  /** There may be a job in spite of the answer. */
  private async look(turn: Turn): Promise<void> {
    const { jobId } = turn.node;
    const [found] = await this.host.states([jobId]);
    if (found?.state === 'waiting') this.again(turn, { pause: OUTAGE_PAUSE });
    else this.changed.add(jobId);
  }

  private again(turn: Turn, options?: AgainOptions): void {
    this.started.delete(turn.node.jobId);
    this.turns.again(turn, options);
  }

  private ask(): void {
    this.isAsked = true;
    this.wake();
  }

  /** When it goes on by itself. */
  private get nextTime(): number | undefined {
    if (this.pausedUntil > performance.now()) return this.pausedUntil;
    const hasRoom = this.started.size < (this.call?.parallelism ?? 0);
    return this.state === 'running' && hasRoom && this.host.isServing ? this.turns.nextTime : undefined;
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
