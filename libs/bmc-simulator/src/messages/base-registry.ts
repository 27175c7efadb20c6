import { type Json } from '../tree/json.js';

/**
 * The messages of the standard's registry Base 1.x that a simulated BMC sends: the minor version that added each,
 * and the number of its arguments.
 */
const MESSAGES: Readonly<Record<string, readonly [since: number, args: number]>> = {
  ActionNotSupported: [0, 1],
  ActionParameterMissing: [0, 2],
  ActionParameterNotSupported: [0, 2],
  ActionParameterUnknown: [0, 2],
  ActionParameterValueFormatError: [0, 3],
  ActionParameterValueTypeError: [0, 3],
  ActionParameterValueNotInList: [8, 3],
  EventSubscriptionLimitExceeded: [0, 0],
  GeneralError: [0, 0],
  InsufficientPrivilege: [0, 0],
  InternalError: [0, 0],
  MalformedJSON: [0, 0],
  NoOperation: [4, 0],
  NoValidSession: [0, 0],
  OperationNotAllowed: [13, 0],
  PasswordChangeRequired: [5, 1],
  PreconditionFailed: [8, 0],
  PreconditionRequired: [8, 0],
  PropertyMissing: [0, 1],
  PropertyNotWritable: [0, 1],
  PropertyUnknown: [0, 1],
  PropertyValueFormatError: [0, 2],
  PropertyValueModified: [0, 2],
  PropertyValueNotInList: [0, 2],
  PropertyValueTypeError: [0, 2],
  QueryNotSupported: [0, 0],
  QueryParameterOutOfRange: [0, 3],
  QueryParameterValueFormatError: [0, 2],
  QueryParameterValueTypeError: [0, 2],
  ResourceAlreadyExists: [2, 3],
  ResourceAtUriUnauthorized: [0, 2],
  ResourceInStandby: [2, 0],
  ResourceInUse: [0, 0],
  ResourceMissingAtURI: [0, 1],
  ResourceNotFound: [0, 2],
  ServiceDisabled: [11, 1],
  ServiceTemporarilyUnavailable: [0, 1],
  SessionLimitExceeded: [0, 0],
  UnrecognizedRequestBody: [0, 0],
};

/**
 * Id and arguments of a message as a BMC with this registry (`Base.1.8`) tells it: GeneralError in place of what its
 * registry does not have. Ids with a dot are of other registries and stay as they are.
 *
 * @throws Error for a message that Base has not, or with another number of arguments; it is a mistake in the simulator.
 */
export function registered(
  id: string,
  args: readonly string[],
  registry: string,
): { MessageId: string; MessageArgs: Json[] } {
  if (id.includes('.')) {
    return { MessageId: id, MessageArgs: [...args] };
  }
  const [since, count] = MESSAGES[id] ?? [];
  if (since === undefined || count !== args.length) {
    throw new Error(`The registry Base has no message ${id} with ${args.length} arguments.`);
  }
  const minor = Number(/1[._](\d+)/.exec(registry)?.[1] ?? 0);
  return minor < since
    ? { MessageId: `${registry}.GeneralError`, MessageArgs: [] }
    : { MessageId: `${registry}.${id}`, MessageArgs: [...args] };
}
