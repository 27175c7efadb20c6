import { InvalidParameterValue } from '@ferrule/driver-kit';
import { type RedfishError, RedfishValidationError } from '@ferrule/redfish';
import { type BmcCall } from './bmc-call.js';

/**
 * 400 with the words of a BMC that refuses something of a request. `what` is the end of a sentence, since the service
 * masks the word after `password:`.
 */
export function refusal(nodeUuid: string, what: string, cause: RedfishError): InvalidParameterValue {
  return new InvalidParameterValue(`The BMC of node ${nodeUuid} refuses ${what}. ${cause.message}`, {
    cause,
  });
}

/** Runs work. If the BMC refuses the content of a request, that is 400 with its words; `what` was asked for. */
export async function orRefused<T>(
  { nodeUuid }: Pick<BmcCall, 'nodeUuid'>,
  what: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof RedfishValidationError ? refusal(nodeUuid, what, error) : error;
  }
}
