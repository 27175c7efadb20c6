import { type Mismatch } from './golden/comparison.js';
import { type Exchange } from './golden/recording.js';

/** A way in which this service is deliberately unlike the Ironic of the recording (21.4, API 1.82). */
export interface Difference {
  /** Stable: the README's table and the tests tell them apart by it. */
  readonly name: string;
  readonly ironic: string;
  readonly ferrule: string;
  readonly reason: string;
  /**
   * Whether it explains this mismatch of this exchange; as narrow as can be. Absent where the recording has
   * nothing that shows it; then the conformance table does.
   */
  readonly explains?: (mismatch: Mismatch, exchange: Exchange) => boolean;
}
