import { Places } from './places.js';
import { type Stop } from './stop.js';

/** Each waiter costs a connection, and what it waits for a look now and then. */
interface Limits {
  readonly most: number;
  /** The most of one origin. */
  readonly share: number;
}

interface Looks {
  /** Called when somebody waits and nobody did before. */
  readonly begin: () => void;
  /** Called when nobody waits any more. */
  readonly end: () => void;
}

/** Requests that wait for the ends of things, by the ids of these. Whoever has one looks for the ends, and calls `end`. */
export class Waiters {
  private readonly waiting = new Map<string, Set<() => void>>();
  private readonly places: Places;

  constructor(
    { most, share }: Limits,
    private readonly looks: Looks,
  ) {
    this.places = new Places(most, share);
  }

  /** How many wait. */
  get size(): number {
    return this.places.taken;
  }

  /** Of what they wait for. */
  get ids(): string[] {
    return [...this.waiting.keys()];
  }

  /**
   * Resolves when `end` is called with the id, and when the time is over.
   * @param gone the client, whose leaving ends the wait.
   * @param origin with which others it shares its part of the places.
   * @returns false if there was no place, so that it did not wait.
   * @throws the reason of `gone`.
   */
  async wait(id: string, milliseconds: number, gone: Stop, origin: string): Promise<boolean> {
    const giveBack = this.places.take(origin);
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

  end(ids: readonly string[]): void {
    for (const id of ids) for (const end of this.waiting.get(id) ?? []) end();
  }

  endAll(): void {
    this.end(this.ids);
  }

  private add(id: string, end: () => void): void {
    const ends = this.waiting.get(id);
    if (ends) ends.add(end);
    else this.waiting.set(id, new Set([end]));
    if (this.waiting.size === 1 && !ends) this.looks.begin();
  }

  private remove(id: string, end: () => void): void {
    const ends = this.waiting.get(id);
    if (!ends?.delete(end)) return;
    if (ends.size === 0) this.waiting.delete(id);
    if (this.waiting.size === 0) this.looks.end();
  }
}
