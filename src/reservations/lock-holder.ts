/** Locks are taken in its name, and may be taken by others when it is over. */
export interface Life {
  readonly id: string;
  readonly isOver: boolean;
}

/** This process, as far as locks are concerned. */
export abstract class LockHolder {
  abstract readonly hostname: string;

  /** @throws NoFreeConductorWorker while it may take no locks. */
  abstract readonly life: Life;

  /** See `nowAtMost`. */
  abstract readonly latestDatabaseTime: number;

  abstract onLost(listener: () => void): void;

  /** Confirms its life, or begins another. Never rejects. */
  abstract beat(): Promise<void>;
}
