import { type JobsOptions } from 'bullmq';

/** An entry carries only ids; everything else is in the jobs table. */
export interface QueueEntry {
  readonly ids: readonly string[];
}

export interface QueueClient {
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
  /** `close(true)` does not wait. */
  getBackend(): { close(force: boolean): Promise<void>; disconnect(): Promise<void> };
  on(event: 'error', listener: (error: Error) => void): unknown;
}

export interface Producer extends QueueClient {
  add(queue: string, entry: QueueEntry, options: JobsOptions): Promise<unknown>;
  waiting(queue: string): Promise<number>;
  onConnectionLost(listener: () => void): void;
}

export interface Consumer extends QueueClient {
  run(): Promise<void>;
  pause(doNotWaitActive: boolean): Promise<void>;
}
