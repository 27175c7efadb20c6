import { RedfishUnsupportedError, type RedfishValidationError } from '../../errors.js';
import { actionTarget, linkOf, textsOf, valueAt, type JsonObject } from '../../json.js';
import type { CallOptions, RedfishResource } from '../../types.js';
import type { RedfishClient } from '../client.js';
import { sendCorrected } from '../corrections.js';

const SUBMIT = '#EventService.SubmitTestEvent';
/** A BMC may refuse several parameters, one after the other. */
const MOST_CORRECTIONS = 6;

/** Parameters of SubmitTestEvent, under their own names. Those that are left out get a usual value. */
export interface TestEvent {
  /** Default: `Alert`, or the first that the BMC has. */
  readonly EventType?: string | undefined;
  /** Of a registry of the BMC. Default: `ResourceEvent.1.0.ResourceChanged`. */
  readonly MessageId?: string | undefined;
  readonly Message?: string | undefined;
  /** OK, Warning or Critical. Default: `OK`. */
  readonly Severity?: string | undefined;
}

export async function submitTestEvent(
  bmc: RedfishClient,
  { body: service, url }: RedfishResource,
  wanted: TestEvent,
  options: CallOptions,
): Promise<JsonObject> {
  const target = actionTarget(service, SUBMIT);
  if (target === undefined) throw new RedfishUnsupportedError(`${url} sends no test events.`, { url });
  const { body } = await sendCorrected(
    eventOf(service, wanted),
    MOST_CORRECTIONS,
    async (event) => bmc.post(target, event, options),
    (event, error) => corrected(event, error, wanted),
  );
  return body;
}

/** All parameters of the standard, because HPE requires them. */
function eventOf(service: JsonObject, wanted: TestEvent): JsonObject {
  return {
    EventType: wanted.EventType ?? usualType(service),
    EventId: '1',
    EventTimestamp: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    Severity: wanted.Severity ?? 'OK',
    Message: wanted.Message ?? 'This is a test event.',
    MessageId: wanted.MessageId ?? 'ResourceEvent.1.0.ResourceChanged',
    MessageArgs: [],
    OriginOfCondition: linkOf(service) ?? '/redfish/v1/EventService',
  };
}

function usualType(service: JsonObject): string {
  const inline = valueAt(service, 'Actions', SUBMIT, 'EventType@Redfish.AllowableValues');
  const published = [inline, service['EventTypesForSubscription']];
  const types = textsOf(published.find((each) => Array.isArray(each)));
  return types.includes('Alert') ? 'Alert' : (types[0] ?? 'Alert');
}

/** iLO 5 calls the parameter EventID. */
function corrected(
  event: JsonObject,
  error: RedfishValidationError,
  wanted: TestEvent,
): JsonObject | undefined {
  if (error.mentions('EventID') && !Object.hasOwn(event, 'EventID')) {
    const { EventId = '1', ...rest } = event;
    return { ...rest, EventID: EventId };
  }
  const asked = Object.entries(wanted).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  const kept = Object.entries(event).filter(([name]) => !error.mentions(name) || asked.includes(name));
  return kept.length < Object.keys(event).length ? Object.fromEntries(kept) : undefined;
}
