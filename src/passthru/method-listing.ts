import { type Request } from 'express';
import { type MethodListing } from '../drivers/execution/passthru-method.js';
import { type VendorInterface } from '../drivers/vendor-interface.js';
import { type ParameterTable, Query } from '../http/query/query.js';

const PARAMETERS: Readonly<Record<'node' | 'driver', ParameterTable>> = {
  node: { detail: 1 },
  driver: { detail: 1, vendor_interface: 1 },
};

/** The methods of a vendor interface by name; with `?detail=true` also their argument schemas. */
export function listMethods(
  request: Request,
  vendorInterface: VendorInterface,
  scope: 'node' | 'driver',
): Record<string, MethodListing> {
  const query = Query.of(request);
  query.check(PARAMETERS[scope], request.microversion);
  const isDetailed = query.boolean('detail') ?? false;
  return Object.fromEntries(
    vendorInterface
      .all(scope)
      .map((method) => [method.name, isDetailed ? method.detail(vendorInterface.source) : method.listing]),
  );
}
