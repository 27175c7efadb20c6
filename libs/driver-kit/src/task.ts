import { type z } from 'zod';
import { type JsonObject } from './json.js';

/** The verbs that a passthru method may answer to. */
export const HTTP_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
/** One of `HTTP_METHODS`. */
export type HttpMethod = (typeof HTTP_METHODS)[number];

/** How far a method has come; shown in its job. */
export interface Progress {
  /** 0 to 100. */
  readonly percent?: number;
  readonly message?: string;
}

/** The node that a task works on, as it was when the task began. Secrets are in clear here: never echo them. */
export interface TaskNode {
  readonly uuid: string;
  readonly name: string | null;
  readonly driver: string;
  readonly driverInfo: JsonObject;
  readonly driverInternalInfo: JsonObject;
  readonly properties: JsonObject;
  readonly extra: JsonObject;
  readonly instanceInfo: JsonObject;
}

/** What every passthru method is given first. */
export interface Task {
  /** The verb of the call. */
  readonly httpMethod: HttpMethod;
  /** `req-<uuid>` of the call, for log lines. */
  readonly requestId: string;
  /** Aborted at the method's time limit, when the lock is lost, and when the service has to stop. */
  readonly signal: AbortSignal;
  /** Reports how far the method has come. Of reports in quick succession the newest is stored; a synchronous call stores none. */
  progress(progress: Progress): void;
}

/** The task of a driver-level method: no node and no lock. */
export interface DriverTask extends Task {
  /** Name of the hardware type that was called. */
  readonly driver: string;
}

/** The task of a node method under a shared lock: it may read, others may work on the node meanwhile. */
export interface SharedTask extends Task {
  readonly node: TaskNode;
  /**
   * The node's driver_info, checked and typed.
   * @throws InvalidParameterValue or MissingParameterValue (400) naming every key that is wrong.
   */
  driverInfo<S extends z.ZodType>(schema: S): z.output<S>;
}

/** The task of a node method under an exclusive lock: nothing else works on the node meanwhile. */
export interface ExclusiveTask extends SharedTask {
  /** Rises with every holder of the node's lock; give it to systems that can refuse an older one. */
  readonly fence: string;
  /**
   * Merges members into the node's `driver_internal_info`; a member that is `undefined` is removed.
   * @throws NodeLockLost when the lock was broken in the meantime; then nothing was written.
   */
  saveInternalInfo(changes: JsonObject): Promise<void>;
}
