import {
  InvalidParameterValue,
  type JsonObject as ResultObject,
  UnsupportedDriverExtension,
} from '@ferrule/driver-kit';
import { EventService, RedfishUnsupportedError, RedfishValidationError } from '@ferrule/redfish';
import { type BmcCall } from '../bmc/bmc-call.js';
import { type SubmitTestEventArgs } from './test-event.args.js';

/** @throws InvalidParameterValue with the BMC's words for what it refuses */
export async function submitTestEvent(
  { bmc, options, nodeUuid }: BmcCall,
  { event_type, message_id, message, severity }: SubmitTestEventArgs,
): Promise<ResultObject> {
  const wanted = { EventType: event_type, MessageId: message_id, Message: message, Severity: severity };
  try {
    return { event: await new EventService(bmc).submitTestEvent(wanted, options) };
  } catch (error) {
    if (error instanceof RedfishValidationError) {
      throw new InvalidParameterValue(`The BMC of node ${nodeUuid} refuses the event: ${error.message}`, {
        cause: error,
      });
    }
    if (!(error instanceof RedfishUnsupportedError) || error.status !== undefined) throw error;
    throw new UnsupportedDriverExtension(`The BMC of node ${nodeUuid} sends no test events.`, {
      cause: error,
    });
  }
}
