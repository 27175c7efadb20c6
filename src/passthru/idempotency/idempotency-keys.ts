import { randomUUID } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { Conductor } from '../../conductors/conductor.js';
import { type Answer } from '../../http/replies/answer.js';
import { Lifecycle } from '../../lifecycle/lifecycle.js';
import { reasonOf } from '../../logging/reason-of.js';
import { throttled } from '../../logging/throttled.js';
import { Periodic } from '../../waiting/periodic.js';
import { type Stop } from '../../waiting/stop.js';
import { Waiters } from '../../waiting/waiters.js';
import { type PassthruCall } from '../call/passthru-call.js';
import {
  AnswerNotKept,
  IdempotencyKeyReused,
  IdempotentCallRuns,
  IdempotentOutcomeUnknown,
} from './errors.js';
import { fingerprintOf, hashOf } from './fingerprint.js';
import { HeldKey, type KeyOwner } from '../call/held-key.js';
import { type AskedKey, IdempotencyKeyRepository, type KnownKey } from './idempotency-key.repository.js';
import { KeptAnswers, LARGEST_ANSWER } from './kept-answers.js';

/** Milliseconds for which a repeat waits for the first call; clients give up soon after. */
const PATIENCE = 30_000;
/** Repeats that wait in this process: one look at the table for all of them. */
const WAITERS = { most: 1_000, share: 250 };
const BEAT_MS = 100;

/** What a call with a key gets: the right to run, the job of the first call, or its answer. */
export type Taken = HeldKey | { readonly jobId: string } | Answer;

/** At most one call with each key runs; repeats get what that one got. */
@Injectable()
export class IdempotencyKeys implements KeyOwner {
  private readonly logger = new Logger(IdempotencyKeys.name);
  private readonly warn = throttled((message) => this.logger.warn(message));
  /** Ids of the keys whose calls this process runs; also of those that are being taken or stored. */
  private readonly held = new Set<string>();
  private readonly waiters: Waiters;

  constructor(
    private readonly repository: IdempotencyKeyRepository,
    private readonly conductor: Conductor,
    private readonly lifecycle: Lifecycle,
    private readonly answers: KeptAnswers,
  ) {
    const beat = new Periodic(
      () => BEAT_MS,
      () => this.look(),
      (error) => this.warn(`The search for calls that ended failed: ${reasonOf(error)}`),
    );
    this.waiters = new Waiters(WAITERS, { begin: () => beat.start(), end: () => void beat.stop() });
    lifecycle.onDrain(() => this.waiters.endAll());
  }

  get heldIds(): string[] {
    return [...this.held];
  }

  /**
   * Waits for the first call with the key, if that runs.
   * @param origin with which others it shares its part of the places of those that wait.
   * @throws IdempotencyKeyReused (422), IdempotentCallRuns (503), AnswerNotKept (410), IdempotentOutcomeUnknown (500),
   * and the reason of `gone`.
   */
  async take(call: PassthruCall, key: string, gone: Stop, origin: string): Promise<Taken> {
    const asked = {
      caller: call.caller.id ?? '',
      hash: hashOf(key),
      id: randomUUID(),
      jobId: call.method.isAsync ? (call.chosenJobId ?? randomUUID()) : null,
      fingerprint: fingerprintOf(key, call),
    };
    const deadline = performance.now() + PATIENCE;
    for (;;) {
      const known = await this.tryTake(asked);
      if (known instanceof HeldKey) return known;
      const taken = known && (await this.outcomeOf(known, asked));
      if (taken) return taken;
      const left = deadline - performance.now();
      if (left <= 0 || this.lifecycle.isDraining) throw new IdempotentCallRuns();
      if (known && !(await this.waiters.wait(known.id, left, gone, origin))) throw new IdempotentCallRuns();
      gone.throwIfAborted();
    }
  }

  forget({ id, life }: HeldKey): void {
    void this.end(id, () => this.repository.forget(id, life.id));
  }

  leave({ id, life }: HeldKey): void {
    void this.end(id, () => this.repository.leave(id, life.id));
  }

  accepted({ id }: HeldKey): void {
    void this.end(id, () => this.repository.accepted(id));
  }

  isAccepted({ id }: HeldKey): Promise<boolean> {
    return this.repository.isAccepted(id);
  }

  /** Resolves when the answer is stored, or is being stored again after a failure. */
  answered({ id }: HeldKey, answer: Answer): Promise<void> {
    return this.answers.store(id, answer, () => this.drop(id));
  }

  private async tryTake(asked: AskedKey): Promise<HeldKey | KnownKey | undefined> {
    const { id, jobId } = asked;
    const { life } = this.conductor;
    let taken: 'taken' | KnownKey | undefined;
    this.held.add(id);
    try {
      taken = await this.repository.take(asked, life.id);
    } finally {
      // If it was taken although there was no answer, the sweeper finds it.
      if (taken !== 'taken') this.held.delete(id);
    }
    return taken === 'taken' ? new HeldKey(id, jobId, life, this) : taken;
  }

  /** @returns undefined while the first call runs. */
  private async outcomeOf(known: KnownKey, asked: AskedKey): Promise<Taken | undefined> {
    if (!known.fingerprint.equals(asked.fingerprint)) throw new IdempotencyKeyReused();
    switch (known.state) {
      case 'running':
        return undefined;
      case 'accepted':
        return { jobId: known.job_id ?? '' };
      case 'answered':
        return this.answers.open(known);
      case 'dropped':
        throw new AnswerNotKept(known.status ?? 0, LARGEST_ANSWER);
      case 'unknown':
        throw new IdempotentOutcomeUnknown();
      case 'abandoned':
        return this.takeOver(known);
    }
  }

  /** A job that was accepted meanwhile keeps its id, so there is never a second one. */
  private async takeOver(known: KnownKey): Promise<HeldKey | undefined> {
    const { id, job_id: jobId } = known;
    if (jobId === null) throw new IdempotentOutcomeUnknown();
    // Another repeat in this process takes it.
    if (this.held.has(id)) return undefined;
    const { life } = this.conductor;
    let isTaken = false;
    this.held.add(id);
    try {
      isTaken = await this.repository.takeOver(known, life.id);
    } finally {
      if (!isTaken) this.held.delete(id);
    }
    return isTaken ? new HeldKey(id, jobId, life, this, true) : undefined;
  }

  /** What fails here is done later by the sweeper. */
  private async end(id: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.warn(`The end of a call with an Idempotency-Key could not be stored yet: ${reasonOf(error)}`);
    }
    this.drop(id);
  }

  private async look(): Promise<void> {
    const { ids } = this.waiters;
    if (ids.length > 0) this.waiters.end(await this.repository.notRunning(ids));
  }

  private drop(id: string): void {
    this.held.delete(id);
    this.waiters.end([id]);
  }
}
