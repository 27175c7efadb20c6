import { FerruleError, NotFound } from '@ferrule/driver-kit';

/** Who holds a node, as far as others may know. */
export interface Holder {
  readonly holder: string;
  readonly purpose: string;
  readonly since: string;
  readonly jobId: string | null;
  /** Whole seconds until the lease runs out, at least 1. */
  readonly leaseSeconds: number;
}

/** 409: another call or job holds the node. */
export class NodeLocked extends FerruleError {
  readonly code = 'NodeLocked';
  readonly status = 409;

  constructor(
    nodeUuid: string,
    private readonly held: Holder,
  ) {
    super(
      `Node ${nodeUuid} is locked by host ${held.holder}, please retry after the current operation is completed. ` +
        `Held for ${held.purpose} since ${held.since}.`,
    );
  }

  override get headers(): Readonly<Record<string, string>> {
    return { 'Retry-After': String(this.held.leaseSeconds) };
  }

  override get details(): Readonly<Record<string, unknown>> {
    const { holder, purpose, since, jobId } = this.held;
    return { holder, purpose, since, job: jobId };
  }
}

/** 409: the lock was taken away while its holder worked, because its lease could not be renewed. */
export class NodeLockLost extends FerruleError {
  readonly code = 'NodeLockLost';
  readonly status = 409;

  constructor(nodeUuid: string) {
    super(`The lock on node ${nodeUuid} was lost: its lease could not be renewed in time.`);
  }
}

/** 404: no such node, or it went away while its lock was waited for. */
export class NodeNotFound extends NotFound {
  override readonly code = 'NodeNotFound';
  constructor(ident: string) {
    super(`Node ${ident} could not be found.`);
  }
}
