const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Fulfilled with the name of the next signal that asks this process to end. */
export function nextSignal(): Promise<string> {
  return new Promise((resolve) => {
    const take = (signal: string) => {
      for (const name of SIGNALS) process.off(name, take);
      resolve(signal);
    };
    for (const name of SIGNALS) process.on(name, take);
  });
}
