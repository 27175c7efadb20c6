import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type FerruleError } from '@ferrule/driver-kit';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { LeaseUnsure, NoFreeConductorWorker } from '../lifecycle/errors.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { reasonOf } from '../logging/reason-of.js';
import { throttled } from '../logging/throttled.js';
import { LockMetrics } from '../metrics/lock.metrics.js';
import { Periodic } from '../waiting/periodic.js';
import { retry } from '../waiting/retry.js';
import { type Stop } from '../waiting/stop.js';
import { LockLineFull } from './errors.js';
import { LockHolder } from './lock-holder.js';
import { LockWaiterRepository, MOST_WAITERS, WAITER_SHARE } from './lock-waiter.repository.js';
import { type Lockable } from './reservation.js';

const BEAT_MS = 75;
const COMPLAINT_INTERVAL = 5_000;
/** Between two exits of a call that may stand in a line. */
const EXIT_MS = 1_000;
/** A place lasts longer than its call waits, which then leaves it. */
const GRACE_MS = 1_000;

/** @param place in the line of the node; undefined outside it. @returns undefined if the node is held, or it is another's turn. */
export type Attempt<T> = (place: string | undefined) => Promise<T | undefined>;

export interface Patience {
  /** `performance.now()` at its end. */
  readonly deadline: number;
  /** See `Newcomer`. */
  readonly origin: string;
  readonly stop: Stop | undefined;
}

type Turn = 'turn' | 'place-lost' | 'over';

/** Calls of this process that stand in the lines of nodes: one look at the tables for all of them. */
@Injectable()
export class LockWaiters implements OnApplicationShutdown {
  private readonly waiting = new Map<string, (turn: Turn | FerruleError) => void>();
  private readonly beat: Periodic;
  private readonly ended = new AbortController();
  private readonly warn: (message: string) => void;

  constructor(
    private readonly repository: LockWaiterRepository,
    private readonly holder: LockHolder,
    private readonly lifecycle: Lifecycle,
    metrics: LockMetrics,
  ) {
    const logger = new Logger(LockWaiters.name);
    this.warn = throttled((message) => logger.warn(message), COMPLAINT_INTERVAL);
    this.beat = new Periodic(
      () => BEAT_MS,
      () => this.look(),
      (error) => this.warn(`The search for locks that became free failed: ${reasonOf(error)}`),
    );
    metrics.watchWaiting(() => this.waiting.size);
    lifecycle.onDrain(() => this.endAll());
  }

  onApplicationShutdown(): void {
    this.ended.abort();
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

  /** How many stand in the line of a node, in all processes. */
  count(node: Lockable): Promise<number> {
    return this.repository.count(node.id);
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
    const endsAt = patience.deadline + GRACE_MS;
    if (performance.now() >= patience.deadline) return undefined;
    const token = randomUUID();
    const place = await this.enter(node, token, endsAt, patience.origin);
    try {
      for (;;) {
        const turn = await this.turn(token, patience);
        if (turn === 'over') return undefined;
        const result = await attempt(turn === 'turn' ? place : undefined);
        if (result !== undefined) return result;
        if (turn === 'place-lost') return 'place-lost';
      }
    } finally {
      void this.leave(token, endsAt);
    }
  }

  private async enter(node: Lockable, token: string, endsAt: number, origin: string): Promise<string> {
    this.lifecycle.refuseWhenDraining();
    const seconds = (endsAt - performance.now()) / 1_000;
    const newcomer = { nodeId: node.id, token, seconds, origin };
    const entry = await this.repository.enter(newcomer).catch((error: unknown) => {
      void this.leaveRepeatedly(token, endsAt);
      throw error;
    });
    if (entry.state === 'standing') return entry.place;
    if (entry.state === 'full') throw new LockLineFull(node.uuid, MOST_WAITERS);
    if (entry.state === 'share-full') throw new LockLineFull(node.uuid, WAITER_SHARE, 'of this caller');
    await this.holder.beat();
    throw new LeaseUnsure();
  }

  /** In the background, and again if it fails: until its time is over, a place keeps the lock from all behind it. */
  private async leave(token: string, endsAt: number): Promise<void> {
    await retry(() => this.repository.leave(token), {
      patience: (endsAt - performance.now()) / 1_000,
      stop: this.ended.signal,
      isWorthwhile: () => true,
      onFailure: (error) => this.warn(`A place in a line could not be given up yet: ${reasonOf(error)}`),
    }).then(
      () => this.nudge(),
      () => {},
    );
  }

  /** PostgreSQL may carry out an entry late of which no answer came. */
  private async leaveRepeatedly(token: string, endsAt: number): Promise<void> {
    const { signal } = this.ended;
    while (performance.now() < endsAt && !signal.aborted) {
      await this.leave(token, endsAt);
      await delay(EXIT_MS, undefined, { signal }).catch(() => {});
    }
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
