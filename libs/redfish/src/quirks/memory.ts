import type { RedfishResource } from '../types.js';

/** What was learned about one BMC, kept while the process lives. */
export class Memory {
  readonly #flags = new Map<string, string>();
  /** The service root as last read. */
  root: RedfishResource | undefined;
  /** The only system, as last found. */
  systemPath: string | undefined;
  /** Manufacturers of the BMC and the machine. */
  readonly makers = new Set<string>();
  readonly models = new Set<string>();
  firmware: string | undefined;

  constructor(readonly onLearned: (flag: string, value: string) => void) {}

  get(flag: string): string | undefined {
    return this.#flags.get(flag);
  }

  /** Remembers; `undefined` forgets. */
  learn(flag: string, value: string | undefined): void {
    if (this.#flags.get(flag) === value) return;
    if (value === undefined) this.#flags.delete(flag);
    else this.#flags.set(flag, value);
    this.onLearned(flag, value ?? '');
  }

  /** Forgets what may change with a new firmware or after the BMC has started. */
  forget(): void {
    this.root = undefined;
    this.firmware = undefined;
    this.learn('session', undefined);
  }

  get flags(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#flags);
  }
}
