import { type RosteredConductor } from '../conductors/roster.js';

/** Thrown where a request needs a driver that this process has not: a conductor that has it answers the request. */
export class ServedElsewhere extends Error {
  /** @param conductors at least one, the first choice first. */
  constructor(readonly conductors: readonly RosteredConductor[]) {
    super('The driver is not in this process.');
  }
}
