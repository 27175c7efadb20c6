import { randomUUID } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { Conductor } from '../../conductors/conductor.js';
import { isTransient } from '../../database/faults/is-transient.js';
import { type Answer } from '../../http/replies/answer.js';
import { Lifecycle } from '../../lifecycle/lifecycle.js';
import { reasonOf } from '../../logging/reason-of.js';
import { throttled } from '../../logging/throttled.js';
import { SecretsAtRest } from '../../secrets/at-rest/secrets-at-rest.js';
import { retry } from '../../waiting/retry.js';
import { type Stop } from '../../waiting/stop.js';
import { type PassthruCall } from '../call/passthru-call.js';
import {
  AnswerNotKept,
  IdempotencyKeyReused,
  IdempotentCallRuns,
  IdempotentOutcomeUnknown,
} from './errors.js';
import { fingerprintOf, hashOf } from './fingerprint.js';
import { HeldKey, type KeyOwner } from './held-key.js';
import { type AskedKey, IdempotencyKeyRepository, type KnownKey } from './idempotency-key.repository.js';
import { KeyWaiters } from './key-waiters.js';

/** Bytes; the answers of a day are kept. */
export const LARGEST_ANSWER = 1_048_576;
/** Milliseconds for which a repeat waits for the first call; clients give up soon after. */
const PATIENCE = 30_000;

/** What a call with a key gets: the right to run, the job of the first call, or its answer. */
export type Taken = HeldKey | { readonly jobId: string } | Answer;

type Attempt = () => Promise<void>;

/** At most one call with each key runs; repeats get what that one got. */
@Injectable()
export class IdempotencyKeys implements KeyOwner {
  private readonly logger = new Logger(IdempotencyKeys.name);
  private readonly warn = throttled((message) => this.logger.warn(message));
  /** Ids of the keys whose calls this process runs; also of those that are being taken or stored. */
  private readonly held = new Set<string>();
  private readonly waiters: KeyWaiters;
  private unstored = 0;
  private bytes = 0;

  constructor(
    private readonly repository: IdempotencyKeyRepository,
    private readonly conductor: Conductor,
    private readonly lifecycle: Lifecycle,
    private readonly secrets: SecretsAtRest,
  ) {
    this.waiters = new KeyWaiters(
      (ids) => repository.notRunning(ids),
      (error) => this.warn(`The search for calls that ended failed: ${reasonOf(error)}`),
    );
    lifecycle.onDrain(() => this.waiters.endAll());
    lifecycle.awaits(() => (this.unstored > 0 ? `${this.unstored} answers to be stored` : undefined));
  }

  get heldIds(): string[] {
    return [...this.held];
  }

  /** Of all answers that this process has stored. */
  get storedBytes(): number {
    return this.bytes;
  }

  /**
   * Waits for the first call with the key, if that runs.
   * @throws IdempotencyKeyReused (422), IdempotentCallRuns (503), AnswerNotKept (410), IdempotentOutcomeUnknown (500),
   * and the reason of `gone`.
   */
  async take(call: PassthruCall, key: string, gone: Stop): Promise<Taken> {
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
      if (known && !(await this.waiters.wait(known.id, left, gone, asked.caller)))
        throw new IdempotentCallRuns();
      gone.throwIfAborted();
    }
  }

  forget({ id, life }: HeldKey): void {
    void this.end(id, () => this.repository.forget(id, life));
  }

  leave({ id, life }: HeldKey): void {
    void this.end(id, () => this.repository.leave(id, life));
  }

  accepted({ id }: HeldKey): void {
    void this.end(id, () => this.repository.accepted(id));
  }

  isAccepted({ id }: HeldKey): Promise<boolean> {
    return this.repository.isAccepted(id);
  }

  async answered({ id }: HeldKey, answer: Answer): Promise<void> {
    const { status, headers, body } = answer;
    const kept =
      body.byteLength <= LARGEST_ANSWER
        ? this.secrets.sealedAnswer(id, JSON.stringify(headers), body)
        : undefined;
    const attempt = async (): Promise<void> => {
      await this.repository.answered(id, status, kept);
      this.bytes += kept?.body.byteLength ?? 0;
    };
    try {
      await attempt();
      this.drop(id);
    } catch (error) {
      this.warn(`The answer of a call with an Idempotency-Key could not be stored yet: ${reasonOf(error)}`);
      void this.store(id, attempt, () => this.repository.answered(id, status, undefined));
    }
  }

  /** Only this process knows the answer. */
  private async store(id: string, whole: Attempt, without: Attempt): Promise<void> {
    this.unstored++;
    const store = (attempt: Attempt, isWorthwhile: (error: unknown) => boolean) =>
      retry(attempt, {
        patience: Infinity,
        stop: this.lifecycle.closingEnds,
        isWorthwhile,
        onFailure: () => {},
      });
    try {
      // Until something is stored, a repeat must neither run the call nor wait in vain for its answer.
      await store(whole, isTransient).catch(() => store(without, () => true));
      this.drop(id);
    } catch (error) {
      this.logger.error(`The answer of a call with an Idempotency-Key is lost: ${reasonOf(error)}`);
    } finally {
      this.unstored--;
    }
  }

  private async tryTake(asked: AskedKey): Promise<HeldKey | KnownKey | undefined> {
    const { id, jobId } = asked;
    const { id: life } = this.conductor.life;
    let taken: 'taken' | KnownKey | undefined;
    this.held.add(id);
    try {
      taken = await this.repository.take(asked, life);
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
        return this.answerOf(known);
      case 'dropped':
        throw new AnswerNotKept(known.status ?? 0, LARGEST_ANSWER);
      case 'unknown':
        throw new IdempotentOutcomeUnknown();
      case 'abandoned':
        return this.takeOver(known);
    }
  }

  private answerOf({ id, status, headers, body, sealedWith }: KnownKey): Answer {
    const stored = { headers, body: body ?? Buffer.alloc(0), sealedWith };
    const opened = this.secrets.openedAnswer(id, stored);
    return {
      status: status ?? 0,
      headers: JSON.parse(opened.headers) as Answer['headers'],
      body: opened.body,
    };
  }

  /** A job that was accepted meanwhile keeps its id, so there is never a second one. */
  private async takeOver(known: KnownKey): Promise<HeldKey | undefined> {
    const { id, job_id: jobId } = known;
    if (jobId === null) throw new IdempotentOutcomeUnknown();
    // Another repeat in this process takes it.
    if (this.held.has(id)) return undefined;
    const { id: life } = this.conductor.life;
    let isTaken = false;
    this.held.add(id);
    try {
      isTaken = await this.repository.takeOver(known, life);
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

  private drop(id: string): void {
    this.held.delete(id);
    this.waiters.ended([id]);
  }
}
