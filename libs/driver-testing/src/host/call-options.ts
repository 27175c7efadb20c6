import { type HttpMethod } from '@ferrule/driver-kit';

/** How a method is called. */
export interface CallOptions {
  /** Default: the method's first verb. */
  readonly http?: HttpMethod;
  /** The vendor interface of a driver-level method. Default: that of the hardware type. */
  readonly vendorInterface?: string;
  /** Sends the arguments in the query instead of the body; for GET and DELETE. */
  readonly inQuery?: boolean;
  /** Milliseconds that `callAndWait` waits for the job. Default: 60,000. */
  readonly limit?: number;
}
