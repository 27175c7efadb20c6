import { OutcomeUnknown } from '@ferrule/driver-kit';
import { type Life } from '../../conductors/life.js';
import { InternalError } from '../../http/errors.js';
import { type Answer } from '../../http/replies/answer.js';
import { LeaseUnsure } from '../../lifecycle/errors.js';

/** What is done with a key when its call is over; none of it rejects. */
export interface KeyOwner {
  /** Nothing was done: a repeat runs the call. */
  forget(key: HeldKey): void;
  /** The job may have been accepted: whoever repeats the call looks for it. */
  leave(key: HeldKey): void;
  accepted(key: HeldKey): void;
  /** Whether there is the job of its call. */
  isAccepted(key: HeldKey): Promise<boolean>;
  /** Resolves when it is stored, or when that was tried in vain and goes on in the background. */
  answered(key: HeldKey, answer: Answer): Promise<void>;
}

/** The right to run the call of an Idempotency-Key. It ends once: forgotten, left, accepted or answered. */
export class HeldKey {
  private isOver = false;
  private isBegun = false;
  private isRepeat = false;

  /**
   * @param jobId of the job to be accepted; null for a synchronous call.
   * @param life of the process, in which it was taken.
   * @param isTakenOver whether another request may have sent the job to the database before.
   */
  constructor(
    readonly id: string,
    readonly jobId: string | null,
    readonly life: Pick<Life, 'id' | 'isOver'>,
    private readonly owner: KeyOwner,
    private readonly isTakenOver = false,
  ) {}

  /**
   * Before the method runs: when the life is over, repeats are told that the outcome is unknown.
   * @throws LeaseUnsure (503)
   */
  assertOwned(): void {
    if (this.life.isOver) throw new LeaseUnsure();
  }

  /** The method runs. */
  begin(): void {
    this.isBegun = true;
  }

  get hasBegun(): boolean {
    return this.isBegun;
  }

  /** Whether another request with the key has accepted the job: its answer was lost, or its process had lost its lease. */
  async isAccepted(): Promise<boolean> {
    this.isRepeat = await this.owner.isAccepted(this);
    return this.isRepeat;
  }

  /** Whether this request gets what another one did. */
  get isReplayed(): boolean {
    return this.isRepeat;
  }

  accepted(): void {
    if (this.end()) this.owner.accepted(this);
  }

  async answered(answer: Answer): Promise<void> {
    if (this.end()) await this.owner.answered(this, answer);
  }

  /** The call is answered with this error; that of a method that had begun is its answer. */
  failed(error: unknown): void {
    if (this.isBegun || !this.end()) return;
    const isUnsure = this.isTakenOver || OutcomeUnknown.is(error) || error instanceof InternalError;
    if (this.jobId !== null && isUnsure) this.owner.leave(this);
    else this.owner.forget(this);
  }

  private end(): boolean {
    if (this.isOver) return false;
    this.isOver = true;
    return true;
  }
}
