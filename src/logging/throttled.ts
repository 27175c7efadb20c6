/**
 * Passes on one message per interval; the next one says how many were left out.
 * @param interval milliseconds.
 */
export function throttled(write: (message: string) => void, interval = 1_000): (message: string) => void {
  return throttledCalls((message: string, leftOut) => write(`${message}${leftOut}`), interval);
}

/**
 * Passes on one value per interval, so that no text is made of the others.
 * @param write gets also the end of the message, which says how many were left out.
 */
export function throttledCalls<T>(
  write: (value: T, leftOut: string) => void,
  interval = 1_000,
): (value: T) => void {
  let next = 0;
  let suppressed = 0;
  return (value) => {
    const now = performance.now();
    if (now < next) {
      suppressed++;
      return;
    }
    write(value, suppressed === 0 ? '' : ` (${suppressed} more since the last such line)`);
    next = now + interval;
    suppressed = 0;
  };
}
