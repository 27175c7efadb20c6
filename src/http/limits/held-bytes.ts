/** What keeps memory for a client, such as a body that arrives or an answer that is taken. */
export interface Holder {
  abandon(): void;
}

/** Bounds the memory that slow clients hold together: the oldest of them make room for new ones. */
export class HeldBytes {
  private readonly sizes = new Map<Holder, number>();
  private sum = 0;

  /** @param total bytes. */
  constructor(private readonly total: number) {}

  /** @param size bytes that count already. */
  add(holder: Holder, size: number): void {
    this.sizes.set(holder, 0);
    this.grow(holder, size);
  }

  grow(holder: Holder, bytes: number): void {
    const size = this.sizes.get(holder);
    if (size === undefined) return;
    this.sizes.set(holder, size + bytes);
    this.sum += bytes;
    while (this.sum > this.total) {
      const [oldest] = this.sizes.keys();
      if (!oldest) return;
      this.remove(oldest);
      oldest.abandon();
    }
  }

  remove(holder: Holder): void {
    this.sum -= this.sizes.get(holder) ?? 0;
    this.sizes.delete(holder);
  }
}
