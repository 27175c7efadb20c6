import { RedfishCircuitOpenError } from '../errors.js';

/** Milliseconds. */
const LONGEST = 15 * 60_000;

/**
 * Lets time pass between logins that may each have left a session nobody can use: their answers were lost, or the BMC
 * refused their tokens. A BMC has few sessions, and they end after minutes without use. The pause doubles each time.
 */
export class LoginPause {
  #failures = 0;
  #until = 0;

  constructor(
    readonly bmc: string,
    readonly limits: { readonly failures: number; readonly cooldown: number },
    readonly now: () => number = () => performance.now(),
  ) {}

  /** Milliseconds until the next login may be sent. */
  get remaining(): number {
    return Math.max(0, this.#until - this.now());
  }

  /** @throws RedfishCircuitOpenError during the pause */
  check(): void {
    const wait = Math.ceil(this.remaining);
    if (wait === 0) return;
    throw new RedfishCircuitOpenError(
      `The last ${this.#failures} logins at ${this.bmc} gave no usable session, and each may have left one there; ` +
        `the next login is sent in ${Math.ceil(wait / 1000)} s.`,
      { url: this.bmc, retryAfter: wait },
    );
  }

  failed(): void {
    this.#failures += 1;
    const { failures, cooldown } = this.limits;
    const more = this.#failures - failures;
    if (more >= 0) this.#until = this.now() + Math.min(cooldown * 2 ** more, LONGEST);
  }

  succeeded(): void {
    this.#failures = 0;
    this.#until = 0;
  }
}
