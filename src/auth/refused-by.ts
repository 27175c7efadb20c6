import { type FerruleError } from '@ferrule/driver-kit';
import { type StrategyName } from '../config/settings/auth.js';

/** What has refused the credentials of a request. */
export class RefusedBy {
  /** Whether the answer was held back after earlier wrong attempts. */
  readonly isDelayed: boolean;

  /** @param strategy `none` if there were no credentials. */
  constructor(
    readonly strategy: StrategyName | 'none',
    { isDelayed = false }: { readonly isDelayed?: boolean } = {},
  ) {
    this.isDelayed = isDelayed;
  }
}

/** Of an error that answers such a request, for the metrics. */
export function refusedBy(error: FerruleError): RefusedBy | undefined {
  return 'refusal' in error && error.refusal instanceof RefusedBy ? error.refusal : undefined;
}
