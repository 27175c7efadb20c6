import { setTimeout as delay } from 'node:timers/promises';
import { REDIS_TROUBLES, type Trouble, type Troubled, TROUBLES } from './troubles.js';

const MOST_AT_ONCE = 3;
const LONGEST_PAUSE_MS = 500;

/** Makes troubles, some of them at once. */
export class Troublemaker {
  private readonly running = new Set<Promise<void>>();
  /** How often each was made. */
  readonly counts: Record<string, number> = {};

  constructor(private readonly troubled: Troubled) {
    for (const [name] of this.kinds) this.counts[name] = 0;
  }

  /** Begins one, if necessary when another has ended. @returns its name. */
  async begin(): Promise<string> {
    const { dice } = this.troubled;
    while (this.running.size >= MOST_AT_ONCE) await Promise.race(this.running);
    await delay(dice.below(LONGEST_PAUSE_MS));
    for (;;) {
      const [name, trouble] = dice.choose(this.kinds);
      const making = trouble(this.troubled);
      if (!making) continue;
      this.counts[name] = (this.counts[name] ?? 0) + 1;
      this.running.add(making);
      // If it fails, the next `begin` or `end` says so.
      making.then(
        () => this.running.delete(making),
        () => {},
      );
      return name;
    }
  }

  /** Waits until none is left. */
  async end(): Promise<void> {
    await Promise.all(this.running);
  }

  private get kinds(): readonly (readonly [string, Trouble])[] {
    return Object.entries(this.troubled.redis ? { ...TROUBLES, ...REDIS_TROUBLES } : TROUBLES);
  }
}
