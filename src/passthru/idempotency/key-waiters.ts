import { Periodic } from '../../waiting/periodic.js';
import { Places } from '../../waiting/places.js';
import { type Stop } from '../../waiting/stop.js';

const BEAT_MS = 100;
/** Each costs a connection and a look at its key in every beat. */
const MOST_WAITERS = 1_000;
const SHARE = 250;

/** Repeats that wait for the calls of their keys, which any process may run: one look at the table for all of them. */
export class KeyWaiters {
  private readonly waiting = new Map<string, Set<() => void>>();
  private readonly beat: Periodic;
  private readonly places = new Places(MOST_WAITERS, SHARE);

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

  /**
   * Resolves when the call has ended and when the time is over.
   * @param caller whose waiting repeats have a share of the places.
   * @returns false if there was no place, so that it did not wait.
   * @param gone the client, whose leaving ends the wait. @throws its reason.
   */
  async wait(id: string, milliseconds: number, gone: Stop, caller: string): Promise<boolean> {
    const giveBack = this.places.take(caller);
    if (!giveBack) return false;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        gone.removeListener(end);
        this.remove(id, end);
        giveBack();
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      this.add(id, end);
      gone.onAbort(end);
    });
    gone.throwIfAborted();
    return true;
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
    if (this.waiting.size === 1 && !ends) this.beat.start();
  }

  private remove(id: string, end: () => void): void {
    const ends = this.waiting.get(id);
    if (!ends?.delete(end)) return;
    if (ends.size === 0) this.waiting.delete(id);
    if (this.waiting.size === 0) void this.beat.stop();
  }
}
