import { InvalidParameterValue, MissingParameterValue } from '@ferrule/driver-kit';
import { type RedfishTarget } from '@ferrule/redfish';
import { CaDirectory } from '../ca-directory.js';
import { nodeTarget } from './node-target.js';

export const UUID = '1be26c0b-03f2-4d2e-ae87-c02d7f33c123';

export function parse(driverInfo: Record<string, unknown>, caDirectory?: string): RedfishTarget {
  return nodeTarget(
    { redfish_address: 'https://bmc.test', ...driverInfo },
    { nodeUuid: UUID, caDirectory: caDirectory === undefined ? undefined : new CaDirectory(caDirectory) },
  );
}

export function refusal(
  driverInfo: Record<string, unknown>,
  caDirectory?: string,
): InvalidParameterValue | MissingParameterValue {
  try {
    parse(driverInfo, caDirectory);
  } catch (error) {
    if (error instanceof InvalidParameterValue || error instanceof MissingParameterValue) return error;
    throw error;
  }
  throw new Error('It was accepted.');
}
