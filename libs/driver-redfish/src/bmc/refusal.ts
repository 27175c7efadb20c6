import { type FerruleError, InvalidParameterValue, UnsupportedDriverExtension } from '@ferrule/driver-kit';
import {
  RedfishArgumentError,
  type RedfishError,
  RedfishUnsupportedError,
  RedfishValidationError,
} from '@ferrule/redfish';
import { type BmcCall } from './bmc-call.js';

/**
 * 400 with the words of a BMC that refuses something of a request. `what` is the end of a sentence, since the service
 * masks the word after `password:`.
 */
export function refusal(nodeUuid: string, what: string, cause: RedfishError): FerruleError {
  if (cause instanceof RedfishUnsupportedError) {
    const text = `The BMC of node ${nodeUuid} does not support ${what}. ${cause.message}`;
    return new UnsupportedDriverExtension(text, { cause });
  }
  return new InvalidParameterValue(`The BMC of node ${nodeUuid} refuses ${what}. ${cause.message}`, {
    cause,
  });
}

/**
 * Runs work. If the BMC refuses a request or its content, that is 400 with its words; `what` was asked for.
 * @param lister the method that shows the attributes of the BMC, which a refusal of unknown ones names
 */
export async function orRefused<T>(
  { nodeUuid }: Pick<BmcCall, 'nodeUuid'>,
  what: string,
  work: () => Promise<T>,
  lister?: string,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (lister !== undefined && error instanceof RedfishArgumentError && error.property === 'Attributes') {
      const text = `${error.message} ${lister} shows those that it has.`;
      throw new InvalidParameterValue(text, { cause: error });
    }
    throw isRefusal(error) ? refusal(nodeUuid, what, error) : error;
  }
}

function isRefusal(error: unknown): error is RedfishError {
  if (error instanceof RedfishUnsupportedError) return error.status !== undefined;
  return error instanceof RedfishValidationError;
}
