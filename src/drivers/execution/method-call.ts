import {
  type Attachment,
  type FerruleError,
  type HttpMethod,
  type JsonObject,
  type Progress,
  type TaskNode,
} from '@ferrule/driver-kit';
import { type Redact } from '../../secrets/redact.js';
import { type VendorInterface } from '../vendor-interface.js';
import { type PassthruMethod } from './passthru-method.js';

/** What a node method's lock lets it do. */
export interface ExclusiveAccess {
  readonly fence: string;
  readonly saveInternalInfo: (changes: JsonObject) => Promise<void>;
}

/** One call of one method: what it works on, for whom, and until when. */
export interface MethodCall {
  readonly method: PassthruMethod;
  /** The interface that has the method. */
  readonly vendorInterface: Pick<VendorInterface, 'name' | 'source' | 'target'>;
  readonly driver: string;
  readonly httpMethod: HttpMethod;
  readonly requestId: string;
  /** As the method's schema made them. */
  readonly args: Record<string, unknown>;
  /** Null for a driver-level call. */
  readonly node: TaskNode | null;
  /** Only under an exclusive lock. */
  readonly access?: ExclusiveAccess | undefined;
  /** Aborted when the lock is lost; its reason is the error that the caller gets. */
  readonly stop?: AbortSignal | undefined;
  readonly onProgress?: (progress: Progress) => void;
  readonly redact: Redact;
}

/** The JSON text of a result, or a file. */
export type MethodResult = { readonly json: string } | { readonly attachment: Attachment };

/** A method that runs. */
export interface MethodRun {
  /** Settles when the method has ended; rejects with MethodAbandoned when it would not stop. */
  readonly ended: Promise<MethodResult>;
  /** Aborted at the time limit, by `stop` of the call or by `abort`. */
  readonly signal: AbortSignal;
  /** Tells the method to stop; the reason is the error that the caller gets. */
  abort(reason: FerruleError): void;
  /** Waits for it no longer: `ended` rejects with MethodAbandoned. */
  abandon(): void;
}
