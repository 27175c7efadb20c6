import { FerruleError, NotFound } from '@ferrule/driver-kit';
import { type LockDetails } from '../database/reads/lock-details.js';

/** Why `until` is null. */
const QUEUED = 'It is held by a queued job until that has ended.';

export class NodeLocked extends FerruleError {
  readonly code = 'NodeLocked';
  readonly status = 409;

  /** @param waiting how many calls stand in line, if it is free: their turn comes first. */
  constructor(
    nodeUuid: string,
    private readonly held?: LockDetails,
    private readonly waiting = 0,
  ) {
    super(
      held
        ? `Node ${nodeUuid} is locked by host ${held.holder}, please retry after the current operation is completed. ${heldFor(held)}`
        : notHeld(nodeUuid, waiting),
    );
  }

  override get headers(): Readonly<Record<string, string>> {
    return { 'Retry-After': String(this.held?.leaseSeconds ?? 1) };
  }

  override get details(): Readonly<Record<string, unknown>> {
    if (!this.held) return this.waiting > 0 ? { waiting: this.waiting } : {};
    const { holder, purpose, caller, since, until, jobId } = this.held;
    const reason = until === null && jobId !== null ? { until_reason: QUEUED } : {};
    return { holder, purpose, caller, since, until, ...reason, job: jobId };
  }
}

function notHeld(nodeUuid: string, waiting: number): string {
  if (waiting === 0) return `Node ${nodeUuid} was locked by others, please retry.`;
  const calls = waiting === 1 ? 'a call stands' : `${waiting} calls stand`;
  return `Node ${nodeUuid} is not locked, but ${calls} in line for its lock, please retry.`;
}

/** The purpose names the request or the job. */
function heldFor({ purpose, caller, since, until, jobId }: LockDetails): string {
  const by = caller === null ? '' : ` by ${caller}`;
  const whileQueued = jobId === null ? '' : ', until the job has ended';
  const end = until === null ? whileQueued : `, until ${until} unless its lease is renewed`;
  return `Held for ${purpose}${by} since ${since}${end}.`;
}

/** 409: so many wait for the lock already. `Retry-After` has the seconds. */
export class LockLineFull extends FerruleError {
  readonly code = 'LockLineFull';
  readonly status = 409;

  /** @param whose undefined: of all callers. */
  constructor(nodeUuid: string, most: number, whose?: 'of this caller') {
    const calls = whose === undefined ? `${most} calls` : `${most} calls ${whose}`;
    super(`Node ${nodeUuid} is locked, and ${calls} wait for its lock already; please retry.`);
  }

  override get headers(): Readonly<Record<string, string>> {
    return { 'Retry-After': '5' };
  }
}

export class NodeLockLost extends FerruleError {
  readonly code = 'NodeLockLost';
  readonly status = 409;

  constructor(nodeUuid: string, why = 'its lease could not be renewed in time') {
    super(`The lock on node ${nodeUuid} was lost: ${why}.`);
  }

  /** @param by name of the caller. */
  static brokenBy(by: string | null, nodeUuid: string): NodeLockLost {
    return new NodeLockLost(nodeUuid, `it was broken by ${by ?? 'an anonymous caller'}`);
  }
}

export class NodeNotFound extends NotFound {
  override readonly code = 'NodeNotFound';
  constructor(ident: string) {
    super(`Node ${ident} could not be found.`);
  }
}
