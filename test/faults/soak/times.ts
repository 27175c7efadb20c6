/** Milliseconds. */
export interface Times {
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

export function timesOf(values: readonly number[]): Times {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number) => Math.round(sorted[Math.floor((sorted.length - 1) * part)] ?? 0);
  return { p50: at(0.5), p95: at(0.95), max: at(1) };
}

export function timesText({ p50, p95, max }: Times): string {
  return `p50 ${p50} ms, p95 ${p95} ms, longest ${max} ms`;
}

/** How long each part of something took. */
export class Laps {
  private readonly laps: string[] = [];
  private last = performance.now();

  end(name: string): void {
    const now = performance.now();
    this.laps.push(`${name} ${Math.round(now - this.last)}`);
    this.last = now;
  }

  get text(): string {
    return this.laps.join(', ');
  }
}
