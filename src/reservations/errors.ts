import { FerruleError, NotFound } from '@ferrule/driver-kit';
import { type LockDetails } from '../database/reads/lock-details.js';

export class NodeLocked extends FerruleError {
  readonly code = 'NodeLocked';
  readonly status = 409;

  /** @param held undefined if every holder had released the lock before it was looked up. */
  constructor(
    nodeUuid: string,
    private readonly held?: LockDetails,
  ) {
    super(
      held
        ? `Node ${nodeUuid} is locked by host ${held.holder}, please retry after the current operation is completed. ` +
            `Held for ${held.purpose} since ${held.since}.`
        : `Node ${nodeUuid} was locked by others, please retry.`,
    );
  }

  override get headers(): Readonly<Record<string, string>> {
    return { 'Retry-After': String(this.held?.leaseSeconds ?? 1) };
  }

  override get details(): Readonly<Record<string, unknown>> {
    if (!this.held) return {};
    const { holder, purpose, caller, since, jobId } = this.held;
    return { holder, purpose, caller, since, job: jobId };
  }
}

export class NodeLockLost extends FerruleError {
  readonly code = 'NodeLockLost';
  readonly status = 409;

  constructor(nodeUuid: string) {
    super(`The lock on node ${nodeUuid} was lost: its lease could not be renewed in time.`);
  }
}

export class NodeNotFound extends NotFound {
  override readonly code = 'NodeNotFound';
  constructor(ident: string) {
    super(`Node ${ident} could not be found.`);
  }
}
