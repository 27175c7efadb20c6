import { type MethodListing } from '../drivers/execution/passthru-method.js';
import { type VendorInterface } from '../drivers/vendor-interface.js';

export function listMethods(
  vendorInterface: VendorInterface,
  scope: 'node' | 'driver',
  isDetailed: boolean,
): Record<string, MethodListing> {
  return Object.fromEntries(
    vendorInterface
      .all(scope)
      .map((method) => [method.name, isDetailed ? method.detail(vendorInterface.source) : method.listing]),
  );
}
