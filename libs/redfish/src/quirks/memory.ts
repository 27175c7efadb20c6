import { textAt } from '../json.js';
import type { RedfishResource } from '../types.js';

const MOST_PATHS = 1_000;

/** What is known about a BMC. Outlives its connections. */
export class Memory {
  readonly #flags = new Map<string, string>();
  #root: RedfishResource | undefined;
  /** Version and UUID of the last root, by which another firmware or BMC is noticed. */
  #edition: string | undefined;
  /** Firmware by manager: accelerators have service processors with versions of their own. */
  readonly #firmware = new Map<string, string>();
  hasSessions = false;
  systemPath: string | undefined;
  readonly makers = new Set<string>();
  readonly models = new Set<string>();

  readonly etagForms = new Map<string, string>();

  constructor(readonly onLearned: (flag: string, value: string) => void) {}

  get root(): RedfishResource | undefined {
    return this.#root;
  }

  set root(root: RedfishResource | undefined) {
    this.#root = root;
    if (root === undefined) return;
    const { body } = root;
    const edition = JSON.stringify([textAt(body, 'RedfishVersion'), textAt(body, 'UUID')]);
    if (this.#edition !== undefined && this.#edition !== edition) this.#reset();
    this.#edition = edition;
  }

  get firmware(): string | undefined {
    const [first] = this.#firmware.values();
    return first;
  }

  /** Another firmware may behave otherwise, so everything learned is forgotten. */
  noteFirmware(manager: string, version: string): void {
    const known = this.#firmware.get(manager);
    if (known !== undefined && known !== version) this.#reset();
    this.#firmware.set(manager, version);
  }

  get(flag: string): string | undefined {
    return this.#flags.get(flag);
  }

  learn(flag: string, value: string | undefined): void {
    if (this.#flags.get(flag) === value) return;
    if (value === undefined) this.#flags.delete(flag);
    else this.#flags.set(flag, value);
    this.onLearned(flag, value ?? '');
  }

  learnEtag(path: string, form: string, isForAll: boolean): void {
    this.etagForms.delete(path);
    if (isForAll) return this.learn('etag', form);
    this.etagForms.set(path, form);
    const [oldest] = this.etagForms.keys();
    if (this.etagForms.size > MOST_PATHS && oldest !== undefined) this.etagForms.delete(oldest);
  }

  /** After a lost connection: the BMC may come back changed. */
  forget(): void {
    this.#root = undefined;
    this.learn('session', undefined);
  }

  get flags(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#flags);
  }

  #reset(): void {
    for (const flag of [...this.#flags.keys()]) this.learn(flag, undefined);
    this.hasSessions = false;
    this.etagForms.clear();
    this.systemPath = undefined;
    this.#firmware.clear();
    this.makers.clear();
    this.models.clear();
  }
}
