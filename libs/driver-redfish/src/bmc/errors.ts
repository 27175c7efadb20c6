import { BmcError, FerruleError, InvalidParameterValue, MissingParameterValue } from '@ferrule/driver-kit';
import {
  RedfishAmbiguousSystemError,
  RedfishArgumentError,
  RedfishClosedError,
  RedfishConnectionError,
  RedfishError,
  RedfishMissingError,
  RedfishRefusedAddressError,
  RedfishTimeoutError,
  type RedfishOption,
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

/** Turns errors of the Redfish client, which contain no secret, into errors of the kit; returns others unchanged. */
export function asKitError(error: unknown, nodeUuid: string): unknown {
  if (!(error instanceof RedfishError)) return error;
  const message = hinted(error);
  const options = { cause: error };
  if (error instanceof RedfishMissingError) {
    const attribute = `${error.property}/@odata.id`;
    return redfishError(`The attribute ${attribute} is missing from the resource ${error.resource}`, options);
  }
  if (error instanceof RedfishRefusedAddressError || error instanceof RedfishArgumentError) {
    return new InvalidParameterValue(message, options);
  }
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

/** The key of driver_info that decides what failed. */
const HINTS: Readonly<Record<RedfishOption, string>> = {
  auth: 'The setting redfish_auth_type in driver_info chooses between a session and basic.',
  ca: 'The setting redfish_verify_ca in driver_info says which certificates are trusted.',
  systemId: 'The setting redfish_system_id in driver_info chooses one.',
};

function hinted({ message, option }: RedfishError): string {
  return option === undefined ? message : `${message} ${HINTS[option]}`;
}

function connectionText(message: string, nodeUuid: string): string {
  return `Redfish connection failed for node ${nodeUuid}: ${message}`;
}
