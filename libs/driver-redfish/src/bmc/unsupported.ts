import { UnsupportedDriverExtension } from '@ferrule/driver-kit';
import { RedfishMissingError } from '@ferrule/redfish';
import { type BmcCall } from './bmc-call.js';

/**
 * Runs work that needs something of the BMC. If the BMC does not have it, that is 400 with its words.
 * @param words what it lacks, by the property that should link it; otherwise the client's sentence is used
 */
export async function orUnsupported<T>(
  { nodeUuid }: BmcCall,
  words: Readonly<Record<string, string>>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RedfishMissingError)) throw error;
    const text = words[error.property];
    const said = text === undefined ? error.message : `The BMC of node ${nodeUuid} ${text}.`;
    throw new UnsupportedDriverExtension(said, { cause: error });
  }
}
