import { Periodic } from '../../waiting/periodic.js';
import { type Stop } from '../../waiting/stop.js';

const BEAT_MS = 100;
/** Each costs a connection and a look at its key in every beat. */
const MOST_WAITERS = 1_000;

/** Repeats that wait for the calls of their keys, which any process may run: one look at the table for all of them. */
export class KeyWaiters {
  private readonly waiting = new Map<string, Set<() => void>>();
  private readonly beat: Periodic;
  private count = 0;

  /** @param notRunning tells which of the ids need not be waited for any more. */
  constructor(notRunning: (ids: readonly string[]) => Promise<string[]>, onError: (error: unknown) => void) {
    this.beat = new Periodic(
      () => BEAT_MS,
      async () => {
        const ids = [...this.waiting.keys()];
        if (ids.length > 0) this.ended(await notRunning(ids));
      },
      onError,
    );
  }

  get isFull(): boolean {
    return this.count >= MOST_WAITERS;
  }

  /**
   * Resolves when the call has ended and when the time is over.
   * @param gone the client, whose leaving ends the wait. @throws its reason.
   */
  async wait(id: string, milliseconds: number, gone: Stop): Promise<void> {
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        gone.removeListener(end);
        this.remove(id, end);
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      this.add(id, end);
      gone.onAbort(end);
    });
    gone.throwIfAborted();
  }

  /** Calls that this process has ended itself. */
  ended(ids: readonly string[]): void {
    for (const id of ids) for (const end of this.waiting.get(id) ?? []) end();
  }

  endAll(): void {
    this.ended([...this.waiting.keys()]);
  }

  private add(id: string, end: () => void): void {
    const ends = this.waiting.get(id);
    if (ends) ends.add(end);
    else this.waiting.set(id, new Set([end]));
    if (this.count++ === 0) this.beat.start();
  }

  private remove(id: string, end: () => void): void {
    const ends = this.waiting.get(id);
    if (!ends?.delete(end)) return;
    if (ends.size === 0) this.waiting.delete(id);
    if (--this.count === 0) void this.beat.stop();
  }
}
