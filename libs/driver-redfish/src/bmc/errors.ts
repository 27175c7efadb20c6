import { BmcError, FerruleError, InvalidParameterValue, MissingParameterValue } from '@ferrule/driver-kit';
import {
  RedfishAmbiguousSystemError,
  RedfishClosedError,
  RedfishConnectionError,
  RedfishError,
  RedfishRefusedAddressError,
  RedfishTargetError,
  RedfishTimeoutError,
} from '@ferrule/redfish';

/** Ironic's prefix of every Redfish error, which clients match. */
const PREFIX = 'Redfish exception occurred. Error: ';

export class RequestNotAllowed extends FerruleError {
  readonly code = 'RequestNotAllowed';
  readonly status = 403;
}

export function redfishError(message: string, options?: ErrorOptions): BmcError {
  return new BmcError('RedfishError', 'refused', PREFIX + message, options);
}

/** A required link that the BMC does not have, in Ironic's words. */
export function missingAttribute(attribute: string, resource: string): BmcError {
  return redfishError(`The attribute ${attribute} is missing from the resource ${resource}`);
}

/** Turns errors of the Redfish client, which contain no secret, into errors of the kit; returns others unchanged. */
export function asKitError(error: unknown, nodeUuid: string): unknown {
  if (!(error instanceof RedfishError)) return error;
  const { message } = error;
  const options = { cause: error };
  if (error instanceof RedfishTargetError) {
    return error.kind === 'missing'
      ? new MissingParameterValue(message, options)
      : new InvalidParameterValue(message, options);
  }
  if (error instanceof RedfishRefusedAddressError) return new InvalidParameterValue(message, options);
  if (error instanceof RedfishAmbiguousSystemError && error.candidates.length > 0) {
    return new MissingParameterValue(message, options);
  }
  if (error instanceof RedfishConnectionError || error instanceof RedfishClosedError) {
    return new BmcError('RedfishConnectionError', 'unreachable', connectionText(message, nodeUuid), options);
  }
  if (error instanceof RedfishTimeoutError) {
    return error.phase === 'connect'
      ? new BmcError('RedfishConnectionError', 'timeout', connectionText(message, nodeUuid), options)
      : new BmcError('RedfishError', 'timeout', PREFIX + message, options);
  }
  return redfishError(message, options);
}

function connectionText(message: string, nodeUuid: string): string {
  return `Redfish connection failed for node ${nodeUuid}: ${message}`;
}
