/** BMCs whose suite is remembered. */
const MOST_BMCS = 10_000;

/** The cipher suite that each BMC accepted. */
export class CipherSuites {
  readonly #accepted = new Map<string, number>();

  /** @param preferred those to try, the best first */
  constructor(readonly preferred: readonly number[]) {}

  /** In the order of trying: that which the BMC accepted before, then the others. */
  of(bmc: string): readonly number[] {
    const accepted = this.#accepted.get(bmc);
    if (accepted === undefined) return this.preferred;
    return [accepted, ...this.preferred.filter((suite) => suite !== accepted)];
  }

  remember(bmc: string, suite: number): void {
    if (this.#accepted.size >= MOST_BMCS && !this.#accepted.has(bmc)) this.#accepted.clear();
    this.#accepted.set(bmc, suite);
  }
}
