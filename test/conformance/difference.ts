import { type Mismatch } from './golden/comparison.js';
import { type Exchange } from './golden/recording.js';

/** A deliberate difference from the Ironic of the recording (21.4, API 1.82). */
export interface Difference {
  readonly name: string;
  readonly ironic: string;
  readonly ferrule: string;
  readonly reason: string;
  /** As narrow as possible. Absent where only the conformance table shows the difference. */
  readonly explains?: (mismatch: Mismatch, exchange: Exchange) => boolean;
}
