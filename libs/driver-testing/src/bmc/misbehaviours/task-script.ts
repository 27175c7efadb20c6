import { type RedfishMessage } from '../messages/errors.js';

/** How a task goes, once a request was answered with 202. */
export interface TaskScript {
  /** Reads of the task or its monitor that find it running; default 2. */
  readonly polls?: number;
  /** `Retry-After` of the 202s: seconds, or an HTTP date as text; default: none. */
  readonly retryAfter?: number | string;
  /** Where it ends; only the first two have an effect. Default Completed. */
  readonly final?: 'Completed' | 'CompletedWithErrors' | 'Exception' | 'Cancelled' | 'Killed';
  /** Messages of a task that ended badly. */
  readonly messages?: readonly RedfishMessage[];
  /** Whether DELETE cancels it; else it is 405 and `Allow` does not name it. Default true. */
  readonly cancellable?: boolean;
  /** Task and monitor are 404 instead of telling the end; the effect is there. */
  readonly vanishes?: boolean;
  /** How the 202 names the task: `Location` header, Task in the body, or both (the default). */
  readonly told?: 'location' | 'body' | 'both';
  /** Location is a whole URL of another authority: an address behind NAT. */
  readonly foreignLocation?: boolean;
}
