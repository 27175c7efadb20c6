import { type Mismatch } from './golden/comparison.js';
import { type Exchange } from './golden/recording.js';

/** A deliberate difference from the Ironic of the recording (21.4, API 1.82). */
export interface Difference {
  readonly name: string;
  readonly ironic: string;
  readonly ferrule: string;
  readonly reason: string;
  /**
   * Whether it explains a mismatch; should be as narrow as possible. Absent where no recorded exchange shows
   * the difference, which is then in the conformance table.
   */
  readonly explains?: (mismatch: Mismatch, exchange: Exchange) => boolean;
}
