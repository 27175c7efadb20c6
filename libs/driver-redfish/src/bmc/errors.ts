import {
  BmcError,
  FerruleError,
  InvalidParameterValue,
  MissingParameterValue,
  OutcomeUnknown,
} from '@ferrule/driver-kit';
import {
  type Networks,
  RedfishAccessError,
  RedfishAmbiguousSystemError,
  RedfishArgumentError,
  RedfishCircuitOpenError,
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

/** What the message of an error depends on. */
export interface ErrorContext {
  /** Whether driver_info has a user name; undefined if it was not read. */
  readonly hasCredential?: boolean;
  /** Those that BMCs may be in. */
  readonly networks?: Networks | undefined;
}

/**
 * Turns errors of the Redfish client, which contain no secret, into errors of the kit; returns others unchanged, except
 * where their cause leaves it unknown whether the BMC did what it was asked for.
 */
export function asKitError(error: unknown, nodeUuid: string, context: ErrorContext = {}): unknown {
  const cause = FerruleError.is(error) ? error.cause : error;
  const told = error instanceof RedfishError ? kitError(error, nodeUuid, context) : error;
  const isUnknown = cause instanceof RedfishError && cause.mayBeDone && told instanceof Error;
  return isUnknown ? new OutcomeUnknown(told.message, { cause }) : told;
}

function kitError(error: RedfishError, nodeUuid: string, context: ErrorContext): FerruleError {
  const message = hinted(error, context);
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
  auth:
    'Check redfish_username and redfish_password in driver_info. ' +
    'The setting redfish_auth_type there chooses between a session and basic.',
  ca: 'The setting redfish_verify_ca in driver_info says which certificates are trusted.',
  systemId: 'The setting redfish_system_id in driver_info chooses one.',
};

function hinted(error: RedfishError, { hasCredential, networks }: ErrorContext): string {
  const { message, option } = error;
  if (error instanceof RedfishRefusedAddressError) return `${message} ${refusedAddress(networks)}`;
  if (error instanceof RedfishAccessError && error.status === 401 && hasCredential === false) {
    return `${message} The driver_info has no redfish_username, so no credentials were sent.`;
  }
  if (error instanceof RedfishTimeoutError && error.phase === 'task') {
    return `${message} FERRULE_REDFISH_TASK_TIMEOUT, or redfish_task_timeout in driver_info, limits how long a task is followed.`;
  }
  if (error instanceof RedfishCircuitOpenError) return `${message} ${HINTS.auth}`;
  return option === undefined ? message : `${message} ${HINTS[option]}`;
}

/** Why the address of a BMC is refused, and the setting that allows it. */
export function refusedAddress(networks: Networks | undefined): string {
  return networks === undefined
    ? 'Link-local, multicast and metadata addresses are refused by default; FERRULE_BMC_NETWORKS can allow them.'
    : 'FERRULE_BMC_NETWORKS does not allow it.';
}

function connectionText(message: string, nodeUuid: string): string {
  return `Redfish connection failed for node ${nodeUuid}: ${message}`;
}
