import { type JsonObject as ResultObject, UnsupportedDriverExtension } from '@ferrule/driver-kit';
import {
  type JsonObject,
  linkOf,
  linksOf,
  RedfishError,
  type RedfishResource,
  RedfishUnsupportedError,
  RedfishValidationError,
  valueAt,
} from '@ferrule/redfish';
import { type BmcCall } from '../bmc/bmc-call.js';
import { refusal } from '../bmc/refusal.js';
import { type IndicatorLedArgs } from './indicator-led.args.js';

const LED = { lit: 'Lit', blinking: 'Blinking', off: 'Off' } as const;

interface Setting {
  readonly path: string;
  readonly property: string;
  readonly value: string | boolean;
}

/**
 * Switches the LED that shows where the node is: that of its system, else of its chassis, by IndicatorLED or by its
 * successor LocationIndicatorActive, whichever the BMC lets be written.
 * @throws InvalidParameterValue with the BMC's words if it refuses the state
 */
export async function indicatorLed(call: BmcCall, wanted: IndicatorLedArgs): Promise<ResultObject> {
  const { bmc, options, nodeUuid } = call;
  const system = await bmc.system(options);
  let refused: RedfishError | undefined;
  for await (const resource of owners(call, system)) {
    for (const setting of settingsOf(resource, wanted)) {
      try {
        await bmc.patch(setting.path, { [setting.property]: setting.value }, options);
        return { ...setting };
      } catch (error) {
        if (error instanceof RedfishError && error.mayBeDone && (await isSet(call, setting)))
          return { ...setting };
        if (!(error instanceof RedfishValidationError) && !(error instanceof RedfishUnsupportedError))
          throw error;
        // What a BMC says of the state tells more than that it cannot be written there.
        if (!(refused instanceof RedfishValidationError)) refused = error;
      }
    }
  }
  if (refused === undefined) {
    throw new UnsupportedDriverExtension(`Node ${nodeUuid} has no indicator LED that its BMC shows.`);
  }
  throw refusal(nodeUuid, `the state ${wanted.state}`, refused);
}

/** Read one after the other, as far as needed. */
async function* owners({ bmc, options }: BmcCall, system: RedfishResource): AsyncGenerator<RedfishResource> {
  yield system;
  for (const path of linksOf(valueAt(system.body, 'Links', 'Chassis'))) {
    try {
      yield await bmc.get(path, options);
    } catch (error) {
      if (!(error instanceof RedfishError) || error.status === undefined || error.status === 401) throw error;
    }
  }
}

/** Asked after a lost answer. */
async function isSet({ bmc, options }: BmcCall, { path, property, value }: Setting): Promise<boolean> {
  try {
    return (await bmc.get(path, options)).body[property] === value;
  } catch (error) {
    if (error instanceof RedfishError) return false;
    throw error;
  }
}

function settingsOf({ body, url }: RedfishResource, { state }: IndicatorLedArgs): Setting[] {
  const path = linkOf(body) ?? new URL(url).pathname;
  const led: Setting = { path, property: 'IndicatorLED', value: LED[state] };
  const location: Setting = { path, property: 'LocationIndicatorActive', value: state !== 'off' };
  return [led, location].filter(({ property }) => has(body, property));
}

function has(body: JsonObject, property: string): boolean {
  return Object.hasOwn(body, property) && body[property] !== null;
}
