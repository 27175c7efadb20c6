import { createHmac, randomBytes } from 'node:crypto';
import { verify } from '@node-rs/bcrypt';
import { Recent } from '../../../http/limits/recent.js';
import { PasswordsBusy } from '../../errors.js';
import { FairQueue, type FairQueueLimits, TurnRefused } from '../../../waiting/fair-queue.js';

/** As many as Ironic remembers. */
const REMEMBERED = 256;
/** Each takes one of the four threads of Node, which files and names need, too. */
const AT_ONCE = 2;
const QUEUE = { length: 1_000, wait: 10_000 };

/** A password and the hash that it is compared with. */
export interface Claim {
  readonly password: Uint8Array;
  readonly hash: string;
}

export type Verify = (password: Uint8Array, hash: string) => Promise<boolean>;

/** Compares passwords in other threads, and remembers results by a keyed digest. */
export class PasswordCheck {
  private readonly key = randomBytes(32);
  private readonly right = new Recent<true>(REMEMBERED);
  private readonly wrong = new Recent<true>(REMEMBERED);
  private readonly underway = new Map<string, Promise<boolean>>();
  private readonly queue: FairQueue;

  constructor(
    private readonly verifies: Verify = verify,
    limits: FairQueueLimits = QUEUE,
  ) {
    this.queue = new FairQueue(AT_ONCE, limits);
  }

  /** Undefined: it has to be checked. */
  remembered(claim: Claim): boolean | undefined {
    const key = this.keyOf(claim);
    if (this.right.get(key) === true) return true;
    return this.wrong.get(key) === true ? false : undefined;
  }

  /** @param origin takes turns with others, so that one with many claims does not hold them up. @throws PasswordsBusy */
  async check(claim: Claim, origin: string): Promise<boolean> {
    const key = this.keyOf(claim);
    const known = this.underway.get(key);
    if (known !== undefined) return known;
    const checking = this.compare(claim, key, origin);
    this.underway.set(key, checking);
    return checking;
  }

  private async compare(claim: Claim, key: string, origin: string): Promise<boolean> {
    try {
      const isRight = await this.queue.run(origin, () => this.verifies(claim.password, claim.hash));
      (isRight ? this.right : this.wrong).set(key, true);
      return isRight;
    } catch (error) {
      throw error instanceof TurnRefused ? new PasswordsBusy() : error;
    } finally {
      this.underway.delete(key);
    }
  }

  /** Tells claims apart, and says nothing about their passwords. */
  keyOf({ password, hash }: Claim): string {
    return createHmac('sha256', this.key).update(hash).update('\0').update(password).digest('base64');
  }
}
