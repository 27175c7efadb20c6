import { type HttpMethod } from '@ferrule/driver-kit';
import { type Request } from 'express';
import { type Caller } from '../auth/caller.js';
import { type Driver } from '../drivers/driver.js';
import { type PassthruMethod } from '../drivers/execution/passthru-method.js';
import { type Operation } from '../drivers/operation.js';
import { type VendorInterface } from '../drivers/vendor-interface.js';
import { type PassthruNode } from '../nodes/node.js';
import { type Reservation } from '../reservations/reservation.js';

/** What a call is directed at: a node, or the driver alone. */
export type Target =
  { readonly scope: 'node'; readonly node: PassthruNode } | { readonly scope: 'driver'; readonly node: null };

/**
 * One passthru call on its way. The call factory begins it, the guards fill it in their order and the invoker
 * consumes it; nothing reads the raw request once its part is in here.
 */
export interface PassthruCall {
  readonly caller: Caller;
  readonly httpMethod: HttpMethod;
  readonly requestId: string;
  target: Target;
  readonly driver: Driver;
  readonly vendorInterface: VendorInterface;
  readonly method: PassthruMethod;
  readonly operation: Operation;
  /** As they came: a job is given these. */
  readonly rawArgs: Record<string, unknown>;
  /** As the method's schema made them; set by the args guard. */
  args: Record<string, unknown>;
  /** Set by the lock guard, for synchronous methods with an exclusive lock. */
  reservation: Reservation | undefined;
  /** Set by the lock guard, for asynchronous methods with one: the job that has the lock. */
  jobId: string | undefined;
}

declare module 'express-serve-static-core' {
  interface Request {
    passthruCall?: PassthruCall;
  }
}

/** The call that the method guard began. */
export function callOf(request: Request): PassthruCall {
  const call = request.passthruCall;
  if (!call) throw new Error('The method guard did not run.');
  return call;
}
