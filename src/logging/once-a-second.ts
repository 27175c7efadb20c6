const INTERVAL_MS = 1_000;

/** The next message says how many were left out. */
export function onceASecond(write: (message: string) => void): (message: string) => void {
  let next = 0;
  let suppressed = 0;
  return (message) => {
    const now = performance.now();
    if (now < next) {
      suppressed++;
      return;
    }
    write(suppressed === 0 ? message : `${message} (${suppressed} more since the last such line)`);
    next = now + INTERVAL_MS;
    suppressed = 0;
  };
}
