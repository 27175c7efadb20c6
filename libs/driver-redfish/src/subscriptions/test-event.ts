import { type JsonObject as ResultObject, UnsupportedDriverExtension } from '@ferrule/driver-kit';
import { EventService, RedfishUnsupportedError } from '@ferrule/redfish';
import { type BmcCall } from '../bmc/bmc-call.js';
import { orRefused } from '../bmc/refusal.js';
import { type SubmitTestEventArgs } from './test-event.args.js';

/** @throws InvalidParameterValue with the BMC's words for what it refuses */
export async function submitTestEvent(
  call: BmcCall,
  { event_type, message_id, message, severity }: SubmitTestEventArgs,
): Promise<ResultObject> {
  const { bmc, options, nodeUuid } = call;
  const wanted = { EventType: event_type, MessageId: message_id, Message: message, Severity: severity };
  try {
    return await orRefused(call, 'the event', async () => ({
      event: await new EventService(bmc).submitTestEvent(wanted, options),
    }));
  } catch (error) {
    if (!(error instanceof RedfishUnsupportedError) || error.status !== undefined) throw error;
    throw new UnsupportedDriverExtension(`The BMC of node ${nodeUuid} sends no test events.`, {
      cause: error,
    });
  }
}
