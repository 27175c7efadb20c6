import { RedfishCircuitOpenError } from '../errors.js';

const LONGEST = 15 * 60_000;

/**
 * Holds a credential back after the BMC refused it several times in a row, because BMCs lock accounts. After the
 * cooldown one request may try; if it is refused, the next cooldown is twice as long.
 */
export class Circuit {
  #failures = 0;
  #opened = 0;
  #until = 0;
  #isProbing = false;

  constructor(
    readonly bmc: string,
    readonly limits: { readonly failures: number; readonly cooldown: number },
    readonly onOpen: () => void,
    readonly now: () => number = () => performance.now(),
  ) {}

  check(): void {
    const wait = this.#until - this.now();
    if (wait <= 0) return;
    throw new RedfishCircuitOpenError(
      `${this.bmc} refused these credentials ${this.#failures} times in a row; ` +
        `they are held back for ${Math.ceil(wait / 1000)} s more so that it does not lock the account.`,
      { url: this.bmc, retryAfter: Math.ceil(wait) },
    );
  }

  /** Called right before credentials are sent. Like `check`, but lets only one request pass after a cooldown. */
  enter(): void {
    this.check();
    if (this.#opened === 0) return;
    this.#isProbing = true;
    this.#until = this.now() + this.#cooldown;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#opened = 0;
    this.#until = 0;
    this.#isProbing = false;
  }

  failed(): void {
    this.#failures += 1;
    // Refusals of requests sent before it opened do not count again; that of the probe does.
    if (this.#failures < this.limits.failures || (this.#opened > 0 && !this.#isProbing)) return;
    this.#isProbing = false;
    this.#opened += 1;
    this.#until = this.now() + this.#cooldown;
    if (this.#opened === 1) this.onOpen();
  }

  /** Whether the credential is held back, or on trial after that. */
  get isOpen(): boolean {
    return this.#opened > 0;
  }

  /** Whether one more refusal would open it. */
  get isNearlyOpen(): boolean {
    return this.#opened === 0 && this.#failures === this.limits.failures - 1;
  }

  get #cooldown(): number {
    return Math.min(this.limits.cooldown * 2 ** Math.max(0, this.#opened - 1), LONGEST);
  }
}
