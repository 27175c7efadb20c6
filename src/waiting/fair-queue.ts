/** Runs at most so many tasks at once. Owners whose tasks wait take turns, so that nobody's many hold up another's few. */
export class FairQueue {
  private readonly waiting = new Map<string, (() => void)[]>();
  private running = 0;

  constructor(private readonly limit: number) {}

  async run<T>(owner: string, task: () => Promise<T>): Promise<T> {
    if (this.running >= this.limit) await this.turn(owner);
    else this.running++;
    try {
      return await task();
    } finally {
      this.next();
    }
  }

  private turn(owner: string): Promise<void> {
    return new Promise((resolve) => {
      const own = this.waiting.get(owner);
      if (own) own.push(resolve);
      else this.waiting.set(owner, [resolve]);
    });
  }

  /** Gives the place of the task that ended to the owner who waited longest for a turn. */
  private next(): void {
    const [first] = this.waiting;
    if (first === undefined) {
      this.running--;
      return;
    }
    const [owner, own] = first;
    const begin = own.shift();
    this.waiting.delete(owner);
    if (own.length > 0) this.waiting.set(owner, own);
    begin?.();
  }
}
