/**
 * Passes on one message per interval; the next one says how many were left out.
 * @param interval milliseconds.
 */
export function throttled(write: (message: string) => void, interval = 1_000): (message: string) => void {
  let next = 0;
  let suppressed = 0;
  return (message) => {
    const now = performance.now();
    if (now < next) {
      suppressed++;
      return;
    }
    write(suppressed === 0 ? message : `${message} (${suppressed} more since the last such line)`);
    next = now + interval;
    suppressed = 0;
  };
}
