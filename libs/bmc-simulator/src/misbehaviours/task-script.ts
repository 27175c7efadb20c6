import { type RedfishMessage } from '../messages/errors.js';

export interface TaskScript {
  /** Reads of the task or its monitor after which it ends. Without `polls` and `ms` it ends after 2 polls or 5 s. */
  readonly polls?: number;
  /** Milliseconds after which it ends, also if nobody reads it; with `polls` as well, at what comes first. */
  readonly ms?: number;
  /** TaskState before the end; default Running. */
  readonly running?: 'New' | 'Starting' | 'Running' | 'Pending' | 'Scheduled';
  /** `Retry-After` of the 202s: seconds, or an HTTP date; default: none. */
  readonly retryAfter?: number | string;
  /** The final state; only the first three have an effect. Default Completed. */
  readonly final?:
    'Completed' | 'RebootCompleted' | 'CompletedWithErrors' | 'Exception' | 'Cancelled' | 'Killed';
  /** Messages of a task that did not complete. */
  readonly messages?: readonly RedfishMessage[];
  /** Whether DELETE cancels it; else 405, and `Allow` does not name it. Default true. */
  readonly cancellable?: boolean;
  /** At the end task and monitor are 404; the effect has happened. */
  readonly vanishes?: boolean;
  /** At the end it is a job of the JobService instead, which only Dell's profile has. */
  readonly becomesJob?: boolean;
  /** What of the 202 names the task: `Location`, the Task in the body, or both (the default). */
  readonly told?: 'location' | 'body' | 'both';
  /** Location is a whole URL of an address behind NAT. */
  readonly foreignLocation?: boolean;
}
