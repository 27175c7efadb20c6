import { type HttpMethod } from '@ferrule/driver-kit';
import { type Decision } from '../../auth/policy/rules/decision.js';
import { type RequestIdentity } from '../../auth/request-identity.js';
import { type Driver } from '../../drivers/driver.js';
import { type PassthruMethod } from '../../drivers/methods/passthru-method.js';
import { type Operation } from '../../drivers/operation.js';
import { type DriverInterface } from '../../drivers/methods/driver-interface.js';
import { type PassthruNode } from '../../nodes/record/passthru-node.js';
import { type Reservation } from '../../reservations/reservation.js';
import { type HeldKey } from './held-key.js';
import { type CallHeaders } from './call-headers.js';
import { type CallRecord } from './call-record.js';
import { type AskedWait } from './lock-wait.js';

export type Target =
  { readonly scope: 'node'; readonly node: PassthruNode } | { readonly scope: 'driver'; readonly node: null };

/** Created by the call factory, completed by the guards and run by the invoker. */
export interface PassthruCall extends RequestIdentity, CallHeaders {
  readonly httpMethod: HttpMethod;
  target: Target;
  readonly driver: Driver;
  readonly vendorInterface: DriverInterface;
  readonly method: PassthruMethod;
  readonly operation: Operation;
  /** As received; jobs store these. */
  readonly rawArgs: Record<string, unknown>;
  /** Set by the args guard. */
  args: Record<string, unknown>;
  /** Id of its fleet call. */
  readonly fleetCall: string | undefined;
  /** For the node's lock; undefined for a few tries. */
  readonly wait: AskedWait | undefined;
  /** Why the caller may make the call; undefined until it is decided, for some calls by their arguments. */
  decision: Decision | undefined;
  /** Set by the idempotency guard for calls with a key. */
  heldKey: HeldKey | undefined;
  /** Set by the lock guard for synchronous methods with an exclusive lock. */
  reservation: Reservation | undefined;
  /** The job that holds the lock; the same for asynchronous methods. */
  jobId: string | undefined;
  /** Begun by the audit guard. */
  readonly record: CallRecord;
}
