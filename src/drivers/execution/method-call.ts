import {
  type Attachment,
  type Caller,
  type HttpMethod,
  type JsonObject,
  type PlannedRequest,
  type Progress,
  type TaskNode,
} from '@ferrule/driver-kit';
import { type CallMode } from '../../metrics/call.metrics.js';
import { type Stop } from '../../waiting/stop.js';
import { type Redact } from '../../secrets/redact.js';
import { type Operation } from '../operation.js';
import { type DriverInterface } from '../methods/driver-interface.js';
import { type PassthruMethod } from '../methods/passthru-method.js';

export interface ExclusiveAccess {
  readonly fence: string;
  readonly saveInternalInfo: (changes: JsonObject) => Promise<void>;
}

export interface MethodCall {
  readonly mode: CallMode;
  readonly operation: Operation;
  readonly method: PassthruMethod;
  readonly vendorInterface: Pick<DriverInterface, 'source' | 'target'>;
  readonly driver: string;
  readonly httpMethod: HttpMethod;
  readonly requestId: string;
  /** Id of the job that runs it. */
  readonly job?: string;
  /** Frozen: drivers get it. */
  readonly caller: Caller;
  readonly args: Record<string, unknown>;
  readonly node: TaskNode | null;
  readonly access?: ExclusiveAccess | undefined;
  /** Of a dry run: the task is that of a rehearsal, and this gets what would be sent. */
  readonly onPlanned?: (request: PlannedRequest) => void;
  /** Aborted when the lock is lost; its reason is the error that the caller gets. */
  readonly stop?: Stop | undefined;
  /** Whoever runs it logs its failures. */
  readonly isQuiet?: boolean;
  readonly onProgress?: (progress: Progress) => void;
  readonly redact: Redact;
}

export type MethodResult = { readonly json: string } | { readonly attachment: Attachment };
