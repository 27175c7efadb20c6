import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';

/** Longer than a healthy database takes under load, shorter than the patience of whoever asks. */
const PATIENCE_MS = 3_000;

/** Whether this process should be sent requests. */
@Injectable()
export class Readiness {
  private readonly others = new Map<string, () => boolean>();

  constructor(
    private readonly database: Database,
    private readonly lifecycle: Lifecycle,
  ) {}

  /**
   * Registers something else that the process needs.
   * @param name what the answer says when it is not there.
   * @param isThere knows it without asking.
   */
  watch(name: string, isThere: () => boolean): void {
    this.others.set(name, isThere);
  }

  /** Why it is not ready; undefined when it is. */
  async obstacle(): Promise<string | undefined> {
    if (this.lifecycle.isDraining) return 'draining';
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('The database does not answer.')), PATIENCE_MS);
    });
    try {
      await Promise.race([this.database.ping(), timeout]);
    } catch {
      return 'database';
    } finally {
      clearTimeout(timer);
    }
    for (const [name, isThere] of this.others) if (!isThere()) return name;
    return undefined;
  }
}
