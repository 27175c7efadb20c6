/** Sent to a service that stands by: first `start`, then `listen` once the port is free. */
export type ParentMessage = { readonly start: { readonly hints: boolean } } | { readonly listen: true };

/** Sent by a service that stands by; `closed` when its port is free. */
export type StandbyMessage =
  { readonly ready: true } | { readonly listening: string } | { readonly closed: true };

/** How a service that stood by starts. */
export interface Standby {
  /** Whether it prints the URL and the calls to try. */
  readonly hints: boolean;
  readonly mayListen: Promise<void>;
}

/**
 * Tells the parent process that the code is loaded, and waits for its word to start. The service ends when the parent
 * does.
 */
export async function standBy(): Promise<Standby> {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  const started = new Promise<{ readonly hints: boolean }>((resolve) => {
    process.on('message', (message: ParentMessage) => 'start' in message && resolve(message.start));
  });
  const mayListen = new Promise<void>((resolve) => {
    process.on('message', (message: ParentMessage) => 'listen' in message && resolve());
  });
  tellParent({ ready: true });
  return { ...(await started), mayListen };
}

/** Does nothing if the parent has ended. */
export function tellParent(message: StandbyMessage): void {
  if (process.connected) process.send?.(message);
}
