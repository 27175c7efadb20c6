export class Slots {
  private free: number;
  private waiting: (() => void)[] = [];

  constructor(private readonly size: number) {
    this.free = size;
  }

  get isFull(): boolean {
    return this.free === 0;
  }

  get used(): number {
    return this.size - this.free;
  }

  take(wanted: number): number {
    const taken = Math.min(this.free, wanted);
    this.free -= taken;
    return taken;
  }

  release(): void {
    this.free++;
    const told = this.waiting;
    this.waiting = [];
    for (const tell of told) tell();
  }

  async whenFree(signal: AbortSignal): Promise<void> {
    if (!this.isFull || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const tell = (): void => {
        signal.removeEventListener('abort', tell);
        resolve();
      };
      signal.addEventListener('abort', tell, { once: true });
      this.waiting.push(tell);
    });
  }
}
