import { type DriverCalls, driverCalls } from '@ferrule/driver-kit/host';
import { type LoadedDriver } from '../packages/loader.js';

/** A service whose drivers all say that they handle their errors need not pay for finding the calls of unhandled ones. */
export function followCalls(
  drivers: readonly Pick<LoadedDriver, 'declared'>[],
  calls: DriverCalls = driverCalls,
): void {
  if (drivers.some(({ declared }) => declared.handlesAllErrors !== true)) calls.follow();
}
