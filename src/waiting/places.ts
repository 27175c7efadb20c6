/** Places that are held for a while: nobody has more than a share of them, so that others find some. */
export class Places {
  private readonly held = new Map<string, number>();
  private count = 0;

  constructor(
    readonly total: number,
    readonly share: number,
  ) {}

  /** How many are taken. */
  get taken(): number {
    return this.count;
  }

  /** @returns what gives the place back, once; undefined if all places, or all of this owner, are taken. */
  take(owner: string): (() => void) | undefined {
    const own = this.held.get(owner) ?? 0;
    if (this.count >= this.total || own >= this.share) return undefined;
    this.held.set(owner, own + 1);
    this.count++;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.count--;
      const left = (this.held.get(owner) ?? 0) - 1;
      if (left > 0) this.held.set(owner, left);
      else this.held.delete(owner);
    };
  }
}
