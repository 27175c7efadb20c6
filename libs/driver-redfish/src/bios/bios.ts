import {
  InvalidParameterValue,
  type JsonObject as ResultObject,
  UnsupportedDriverExtension,
} from '@ferrule/driver-kit';
import {
  isJsonObject,
  type JsonObject,
  linkOf,
  RedfishValidationError,
  textAt,
  valueAt,
} from '@ferrule/redfish';
import { type BmcCall } from '../bmc/bmc-call.js';
import { redacted } from '../bmc/redact.js';
import { type BiosSetArgs } from './bios.args.js';

interface Bios {
  readonly path: string;
  readonly body: JsonObject;
  readonly attributes: JsonObject;
  readonly settings: string;
  readonly applyTimes: readonly string[];
}

export async function biosGet(call: BmcCall): Promise<ResultObject> {
  const bios = await read(call);
  return redacted({
    path: bios.path,
    registry: textAt(bios.body, 'AttributeRegistry') ?? null,
    attributes: bios.attributes,
    pending: await pendingOf(call, bios),
    apply_times: [...bios.applyTimes],
  });
}

/**
 * Sets pending attributes. Attributes that the BIOS does not have are refused before anything is changed.
 * @throws InvalidParameterValue with the BMC's words for what it refuses
 */
export async function biosSet(call: BmcCall, { attributes, apply_time }: BiosSetArgs): Promise<ResultObject> {
  const { bmc, nodeUuid, options } = call;
  const bios = await read(call);
  const unknown = Object.keys(attributes).filter((name) => !Object.hasOwn(bios.attributes, name));
  if (unknown.length > 0) {
    throw new InvalidParameterValue(`The BIOS of node ${nodeUuid} has no attribute ${unknown.join(', ')}.`);
  }
  if (apply_time !== undefined && !bios.applyTimes.includes(apply_time)) {
    const has =
      bios.applyTimes.length > 0 ? `it has ${bios.applyTimes.join(', ')}` : 'it lets none be chosen';
    throw new InvalidParameterValue(
      `The BMC of node ${nodeUuid} does not have the apply time ${apply_time}: ${has}.`,
    );
  }
  const time =
    apply_time === undefined
      ? {}
      : {
          '@Redfish.SettingsApplyTime': {
            '@odata.type': '#Settings.v1_1_0.PreferredApplyTime',
            ApplyTime: apply_time,
          },
        };
  try {
    const reply = await bmc.patch(bios.settings, { Attributes: attributes, ...time }, options);
    const job = reply.status === 202 ? (reply.location ?? linkOf(reply.body) ?? null) : null;
    return redacted({
      pending: await pendingOf(call, await read(call)),
      job,
      apply_time: apply_time ?? null,
    });
  } catch (error) {
    if (!(error instanceof RedfishValidationError)) throw error;
    throw new InvalidParameterValue(`The BMC of node ${nodeUuid} refuses the attributes: ${error.message}`, {
      cause: error,
    });
  }
}

async function read({ bmc, options, nodeUuid }: BmcCall): Promise<Bios> {
  const system = await bmc.system(options);
  const link = linkOf(system.body['Bios']);
  if (link === undefined) {
    throw new UnsupportedDriverExtension(
      `The system of node ${nodeUuid} has no BIOS settings: ${system.url}.`,
    );
  }
  const { body } = await bmc.get(link, options);
  const times = valueAt(body, '@Redfish.Settings', 'SupportedApplyTimes');
  return {
    path: link,
    body,
    attributes: attributesOf(body),
    settings: linkOf(valueAt(body, '@Redfish.Settings', 'SettingsObject')) ?? link,
    applyTimes: Array.isArray(times) ? times.filter((time) => typeof time === 'string') : [],
  };
}

/** Some BMCs list all attributes as pending; those that will change differ. */
async function pendingOf(
  { bmc, options }: BmcCall,
  { path, settings, attributes }: Bios,
): Promise<JsonObject> {
  if (settings === path) return {};
  const { body } = await bmc.get(settings, options);
  const changed = Object.entries(attributesOf(body)).filter(([name, value]) => attributes[name] !== value);
  return Object.fromEntries(changed);
}

function attributesOf(body: JsonObject): JsonObject {
  const attributes = body['Attributes'];
  return isJsonObject(attributes) ? attributes : {};
}
