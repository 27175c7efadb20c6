import { type z } from 'zod';
import { type Caller } from './caller.js';
import { type JsonObject } from './json.js';
import { type PowerState } from './power-words.js';

/** The verbs that a passthru method may accept. */
export const HTTP_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
/** One of `HTTP_METHODS`. */
export type HttpMethod = (typeof HTTP_METHODS)[number];

/** Progress of a method, shown in its job. */
export interface Progress {
  /** 0 to 100. */
  readonly percent?: number;
  /** What is done now; secrets of the call are masked. */
  readonly message?: string;
}

/** The node of a task, as it was when the task began. Secrets are in clear: do not log or return them. */
export interface TaskNode {
  /** Never changes. */
  readonly uuid: string;
  /** Null for a node without a name. */
  readonly name: string | null;
  /** Name of its hardware type. */
  readonly driver: string;
  /** How its BMC is reached; `driverInfo(schema)` of the task checks and types it. */
  readonly driverInfo: JsonObject;
  /** What drivers have saved about it with `saveInternalInfo`. */
  readonly driverInternalInfo: JsonObject;
  /** Its hardware, as the operator describes it. */
  readonly properties: JsonObject;
  /** Whatever the operator keeps with it. */
  readonly extra: JsonObject;
  /** About what runs on it. */
  readonly instanceInfo: JsonObject;
  /** As the service last learned it, null if it never did; it does not ask the BMC. */
  readonly powerState: PowerState | null;
}

/** The first parameter of every passthru method. */
export interface Task {
  /** The verb of the call; in periodic methods GET without an exclusive lock and POST with it. */
  readonly httpMethod: HttpMethod;
  /** `req-<uuid>` of the call, for log lines. */
  readonly requestId: string;
  /** Who made the call, also if it runs as a job; the service itself for periodic methods. */
  readonly caller: Caller;
  /**
   * Aborted at the method's time limit, when its job is cancelled, when the lock is lost, and when the service stops; for a
   * synchronous method with the effect `read` and without an exclusive lock also when the client has disconnected. A method
   * that acts without it asks `aborted` or `throwIfAborted()` before each action: they know of a lost lock even if the
   * process was suspended and the listeners were not called yet.
   */
  readonly signal: AbortSignal;
  /** Stores progress in the job, if there is one, which shows the newest report and the last 100. */
  progress(progress: Progress): void;
}

/** The task of a driver-level method, without node and lock. */
export interface DriverTask extends Task {
  /** Name of the hardware type that was called. */
  readonly driver: string;
}

/** The task of a node method under a shared lock: other methods may work on the node meanwhile, so it only reads. */
export interface SharedTask extends Task {
  /** The node as it was when the task began. Secrets are in clear: do not log or return them. */
  readonly node: TaskNode;
  /**
   * The node's driver_info, checked and typed.
   * @throws InvalidParameterValue or MissingParameterValue (400) naming every wrong key
   */
  driverInfo<S extends z.ZodType>(schema: S): z.output<S>;
}

/** A request to the hardware that would change something. */
export interface PlannedRequest {
  /** For example `POST`. */
  readonly method: string;
  /** On the BMC. */
  readonly path: string;
  /** Secrets of the call and of the node are masked before it is shown. */
  readonly body?: JsonObject | undefined;
}

/** What a rehearsal needs. */
export interface Rehearsal {
  /** The node as it was when the task began. Secrets are in clear: do not log or return them. */
  readonly node: TaskNode;
  /** Records a request in place of sending it. It always throws, which ends the method. */
  readonly record: (request: PlannedRequest) => never;
}

/**
 * The task of a node method with the option `rehearsal` in a dry run: it may read, but has no lock and changes nothing.
 * It has neither a node nor its driver_info, so that only what knows `rehearsal` reaches the hardware.
 */
export interface RehearsalTask extends Task {
  readonly rehearsal: Rehearsal;
}

/** The task of a node method under an exclusive lock: nothing else works on the node meanwhile. */
export interface ExclusiveTask extends SharedTask {
  /** Increases with every holder of the node's lock. Pass it to systems that can refuse a lower one. */
  readonly fence: string;
  /**
   * Merges members into the node's `driver_internal_info`, which holds at most 1 MiB of JSON and 10,000 members and
   * items in all; `undefined` removes a member.
   * @throws Error if the lock was lost, the database is not available, or the method has ended; nothing is written then
   * @throws TypeError naming the member that cannot be stored, for example a text with a NUL character, or the limit
   */
  saveInternalInfo(changes: JsonObject): Promise<void>;
}
