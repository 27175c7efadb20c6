import {
  InvalidParameterValue,
  type JsonObject as ResultObject,
  UnsupportedDriverExtension,
} from '@ferrule/driver-kit';
import { actionTarget, type JsonObject, linkOf, RedfishValidationError, valueAt } from '@ferrule/redfish';
import { type BmcCall } from '../bmc/bmc-call.js';
import { EventService } from './event-service.js';
import { type SubmitTestEventArgs } from './test-event.args.js';

const SUBMIT = '#EventService.SubmitTestEvent';
/** A BMC may refuse several parameters, one after the other. */
const MOST_CORRECTIONS = 6;
/** The parameter of each argument. */
const PARAMETERS = {
  event_type: 'EventType',
  message_id: 'MessageId',
  message: 'Message',
  severity: 'Severity',
} as const;

/**
 * Lets the BMC send a test event to its subscribers, at most once: it is sent again only after a refusal, without the
 * parameters that the BMC does not know and that the caller did not ask for.
 * @throws InvalidParameterValue with the BMC's words for what it refuses
 */
export async function submitTestEvent(call: BmcCall, wanted: SubmitTestEventArgs): Promise<ResultObject> {
  const { bmc, options, nodeUuid } = call;
  const { body: service } = await EventService.of(call);
  const target = actionTarget(service, SUBMIT);
  if (target === undefined) {
    throw new UnsupportedDriverExtension(`The BMC of node ${nodeUuid} sends no test events.`);
  }
  let event = eventOf(service, wanted);
  for (let corrections = 0; ; corrections += 1) {
    try {
      await bmc.post(target, event, options);
      return { event };
    } catch (error) {
      if (!(error instanceof RedfishValidationError)) throw error;
      const better = corrected(event, error, wanted);
      if (better !== undefined && corrections < MOST_CORRECTIONS) {
        event = better;
        continue;
      }
      throw new InvalidParameterValue(`The BMC of node ${nodeUuid} refuses the event: ${error.message}`, {
        cause: error,
      });
    }
  }
}

/** All parameters of the standard, because HPE requires them. */
function eventOf(service: JsonObject, wanted: SubmitTestEventArgs): JsonObject {
  return {
    EventType: wanted.event_type ?? usualType(service),
    EventId: '1',
    EventTimestamp: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    Severity: wanted.severity ?? 'OK',
    Message: wanted.message ?? 'This is a test event.',
    MessageId: wanted.message_id ?? 'ResourceEvent.1.0.ResourceChanged',
    MessageArgs: [],
    OriginOfCondition: linkOf(service) ?? '/redfish/v1/EventService',
  };
}

function usualType(service: JsonObject): string {
  const inline = valueAt(service, 'Actions', SUBMIT, 'EventType@Redfish.AllowableValues');
  const published = [inline, service['EventTypesForSubscription']].find((each) => Array.isArray(each)) ?? [];
  const types = Array.isArray(published) ? published.filter((each) => typeof each === 'string') : [];
  return types.includes('Alert') ? 'Alert' : (types[0] ?? 'Alert');
}

/** iLO 5 calls the parameter EventID. */
function corrected(
  event: JsonObject,
  error: RedfishValidationError,
  wanted: SubmitTestEventArgs,
): JsonObject | undefined {
  const said = [error.reason, ...error.properties].join(' ');
  if (/\bEventID\b/.test(said) && !Object.hasOwn(event, 'EventID')) {
    const { EventId = '1', ...rest } = event;
    return { ...rest, EventID: EventId };
  }
  const asked = Object.entries(PARAMETERS).flatMap(([argument, parameter]) =>
    Object.hasOwn(wanted, argument) ? [parameter] : [],
  );
  const words = new Set(said.split(/\W+/));
  const kept = Object.entries(event).filter(
    ([name]) => !words.has(name) || asked.some((parameter) => parameter === name),
  );
  return kept.length < Object.keys(event).length ? Object.fromEntries(kept) : undefined;
}
