import type { RedfishResource } from '../types.js';

export class Memory {
  readonly #flags = new Map<string, string>();
  root: RedfishResource | undefined;
  systemPath: string | undefined;
  readonly makers = new Set<string>();
  readonly models = new Set<string>();
  firmware: string | undefined;

  constructor(readonly onLearned: (flag: string, value: string) => void) {}

  get(flag: string): string | undefined {
    return this.#flags.get(flag);
  }

  learn(flag: string, value: string | undefined): void {
    if (this.#flags.get(flag) === value) return;
    if (value === undefined) this.#flags.delete(flag);
    else this.#flags.set(flag, value);
    this.onLearned(flag, value ?? '');
  }

  forget(): void {
    this.root = undefined;
    this.firmware = undefined;
    this.learn('session', undefined);
  }

  get flags(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#flags);
  }
}
