import { FerruleError } from '@ferrule/driver-kit';
import { type RosteredConductor } from '../conductors/roster/roster.js';

/**
 * Thrown where a request needs a driver that this process does not have: a conductor that has it answers the request. A
 * call that no request asks for, such as one of a fleet call, fails with it: 503.
 */
export class ServedElsewhere extends FerruleError {
  readonly code = 'ServedElsewhere';
  readonly status = 503;

  /** @param conductors the first choice first. */
  constructor(readonly conductors: readonly [RosteredConductor, ...RosteredConductor[]]) {
    const [{ hostname, group }] = conductors;
    const ofGroup = group === '' ? '' : ` of conductor group "${group}"`;
    super(`Only conductor ${hostname}${ofGroup} can make this call, or another that has its driver.`);
  }
}
