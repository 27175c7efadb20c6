export interface UnfinishedBody {
  abandon(): void;
}

/** Bounds the memory of requests whose bodies arrive slowly or never: the oldest of them make room for new ones. */
export class UnfinishedBodies {
  private readonly sizes = new Map<UnfinishedBody, number>();
  private sum = 0;

  /** @param total bytes. */
  constructor(private readonly total: number) {}

  /** @param size bytes that count already. */
  add(body: UnfinishedBody, size: number): void {
    this.sizes.set(body, 0);
    this.grow(body, size);
  }

  grow(body: UnfinishedBody, bytes: number): void {
    const size = this.sizes.get(body);
    if (size === undefined) return;
    this.sizes.set(body, size + bytes);
    this.sum += bytes;
    while (this.sum > this.total) {
      const [oldest] = this.sizes.keys();
      if (!oldest) return;
      this.remove(oldest);
      oldest.abandon();
    }
  }

  remove(body: UnfinishedBody): void {
    this.sum -= this.sizes.get(body) ?? 0;
    this.sizes.delete(body);
  }
}
