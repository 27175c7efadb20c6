import { driverCalls } from '@ferrule/driver-kit/host';
import { type InstalledPackage } from './packages/driver-package.js';

/** They come with Ferrule and are tested with it. */
const OWN_PACKAGES = ['@ferrule/driver-fake', '@ferrule/driver-redfish'];

/** An error that a call of one of these packages leaves behind ends that call. A service with only its own drivers need not pay for it. */
export function followCalls(packages: readonly Pick<InstalledPackage, 'package'>[]): void {
  if (packages.some(({ package: name }) => !OWN_PACKAGES.includes(name))) driverCalls.follow();
}
