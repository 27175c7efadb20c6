const FIRST = 1;
const LONGEST = 3_600;

/** For as long as the receiver has asked; an answer that asks for less does not end it. */
export class Pause {
  private until = 0;

  /** @param now milliseconds, as `performance.now()`. */
  ask(seconds: number, now: number): void {
    this.until = Math.max(this.until, now + seconds * 1_000);
  }

  isOver(now: number): boolean {
    return now >= this.until;
  }
}

/**
 * Seconds until the next attempt: each time twice as long, and up to a quarter more, so that many do not come together.
 * @param attempts how many failed.
 * @param random from 0 to 1.
 */
export function pauseAfter(attempts: number, random = Math.random()): number {
  return Math.min(FIRST * 2 ** (attempts - 1), LONGEST) * (1 + random / 4);
}

/**
 * Seconds until the next attempt, the last of which is when nothing is left; then undefined.
 * @param left seconds until a delivery is given up. @param asked by the receiver.
 */
export function nextPause(attempts: number, left: number, asked = 0): number | undefined {
  return left <= 0 ? undefined : Math.min(Math.max(pauseAfter(attempts), asked), left);
}

/** Seconds that a `Retry-After` asks for, up to an hour. @param now milliseconds since 1970. */
export function askedPause(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - now) / 1_000;
  return seconds >= 0 ? Math.min(seconds, LONGEST) : undefined;
}
