import { randomUUID } from 'node:crypto';
import { type FerruleError } from '@ferrule/driver-kit';
import { Injectable, Logger } from '@nestjs/common';
import { LeaseUnsure, NoFreeConductorWorker } from '../lifecycle/errors.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { reasonOf } from '../logging/reason-of.js';
import { throttled } from '../logging/throttled.js';
import { LockMetrics } from '../metrics/lock.metrics.js';
import { Periodic } from '../waiting/periodic.js';
import { type Stop } from '../waiting/stop.js';
import { LockLineFull } from './errors.js';
import { LockHolder } from './lock-holder.js';
import { LockWaiterRepository, MOST_WAITERS } from './lock-waiter.repository.js';
import { type Lockable } from './reservation.js';

const BEAT_MS = 75;
const COMPLAINT_INTERVAL = 5_000;
/** A place lasts longer than its call waits, which then leaves it. */
const GRACE_SECONDS = 1;

/** @param place in the line of the node; undefined outside it. @returns undefined if the node is held, or it is another's turn. */
export type Attempt<T> = (place: string | undefined) => Promise<T | undefined>;

export interface Patience {
  /** `performance.now()` at its end. */
  readonly deadline: number;
  readonly stop: Stop | undefined;
}

type Turn = 'turn' | 'place-lost' | 'over';

/** Calls of this process that stand in the lines of nodes: one look at the tables for all of them. */
@Injectable()
export class LockWaiters {
  private readonly logger = new Logger(LockWaiters.name);
  private readonly waiting = new Map<string, (turn: Turn | FerruleError) => void>();
  private readonly beat: Periodic;

  constructor(
    private readonly repository: LockWaiterRepository,
    private readonly holder: LockHolder,
    private readonly lifecycle: Lifecycle,
    metrics: LockMetrics,
  ) {
    const warn = throttled((message) => this.logger.warn(message), COMPLAINT_INTERVAL);
    this.beat = new Periodic(
      () => BEAT_MS,
      () => this.look(),
      (error) => warn(`The search for locks that became free failed: ${reasonOf(error)}`),
    );
    metrics.watchWaiting(() => this.waiting.size);
    lifecycle.onDrain(() => this.endAll());
  }

  /**
   * Makes an attempt each time when it is the turn of this call.
   * @returns undefined if the time is over.
   * @throws LockLineFull, LeaseUnsure, NoFreeConductorWorker when the service stops, and the reason of `stop`; then it
   * stands in no line any more.
   */
  async stand<T>(node: Lockable, attempt: Attempt<T>, patience: Patience): Promise<T | undefined> {
    let result: T | 'place-lost' | undefined = 'place-lost';
    while (result === 'place-lost') result = await this.standOnce(node, attempt, patience);
    return result;
  }

  /** A lock was freed by this process. */
  nudge(): void {
    if (this.waiting.size > 0) void this.beat.run();
  }

  private async standOnce<T>(
    node: Lockable,
    attempt: Attempt<T>,
    patience: Patience,
  ): Promise<T | 'place-lost' | undefined> {
    const seconds = (patience.deadline - performance.now()) / 1_000;
    if (seconds <= 0) return undefined;
    const token = randomUUID();
    try {
      const place = await this.enter({ nodeId: node.id, token, seconds: seconds + GRACE_SECONDS }, node);
      for (;;) {
        const turn = await this.turn(token, patience);
        if (turn === 'over') return undefined;
        const result = await attempt(turn === 'turn' ? place : undefined);
        if (result !== undefined) return result;
        if (turn === 'place-lost') return 'place-lost';
      }
    } finally {
      this.leave(token);
    }
  }

  private async enter(newcomer: { nodeId: string; token: string; seconds: number }, node: Lockable) {
    this.lifecycle.refuseWhenDraining();
    const entry = await this.repository.enter(newcomer);
    if (entry.state === 'standing') return entry.place;
    if (entry.state === 'full') throw new LockLineFull(node.uuid, MOST_WAITERS);
    await this.holder.beat();
    throw new LeaseUnsure();
  }

  /** In the background: a place that stays is given up when its time is over. */
  private leave(token: string): void {
    this.repository.leave(token).then(
      () => this.nudge(),
      (error: unknown) => this.logger.warn(`A place in a line could not be given up yet: ${reasonOf(error)}`),
    );
  }

  private async turn(token: string, { deadline, stop }: Patience): Promise<Turn> {
    stop?.throwIfAborted();
    this.lifecycle.refuseWhenDraining();
    const turn = await new Promise<Turn | FerruleError>((resolve) => {
      const end = (result: Turn | FerruleError): void => {
        clearTimeout(timer);
        stop?.removeListener(end);
        this.waiting.delete(token);
        resolve(result);
      };
      const timer = setTimeout(() => end('over'), Math.max(0, deadline - performance.now()));
      this.waiting.set(token, end);
      stop?.onAbort(end);
      if (this.waiting.size === 1) this.beat.start();
    });
    if (this.waiting.size === 0) void this.beat.stop();
    if (typeof turn !== 'string') throw turn;
    return turn;
  }

  private async look(): Promise<void> {
    if (this.waiting.size === 0) return;
    for (const { token, hasPlace } of await this.repository.turns([...this.waiting.keys()])) {
      this.waiting.get(token)?.(hasPlace ? 'turn' : 'place-lost');
    }
  }

  private endAll(): void {
    const stopping = new NoFreeConductorWorker('The service is shutting down and accepts no new calls');
    for (const end of [...this.waiting.values()]) end(stopping);
  }
}
