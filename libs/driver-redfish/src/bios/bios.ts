import { type JsonObject as ResultObject, UnsupportedDriverExtension } from '@ferrule/driver-kit';
import { Attributes, type AttributesView, linkOf, RedfishNotFoundError } from '@ferrule/redfish';
import { type BmcCall } from '../bmc/bmc-call.js';
import { redacted } from '../bmc/redact.js';
import { orRefused } from '../bmc/refusal.js';
import { type BiosSetArgs } from './bios.args.js';

export async function biosGet(call: BmcCall): Promise<ResultObject> {
  const { bmc, options } = call;
  const bios = await read(call);
  return redacted({
    path: bios.path,
    registry: bios.registry ?? null,
    attributes: bios.attributes,
    pending: await new Attributes(bmc).pending(bios, options),
    apply_times: [...bios.applyTimes],
  });
}

/** What is asked for by default: an iDRAC applies nothing at a reset unless the change named an apply time. */
const ON_RESET = 'OnReset';

/**
 * Sets pending attributes. Attributes that the BIOS does not have are refused before anything is changed.
 * @throws InvalidParameterValue with the BMC's words for what it refuses
 */
export async function biosSet(call: BmcCall, { attributes, apply_time }: BiosSetArgs): Promise<ResultObject> {
  const { bmc, options } = call;
  const bios = new Attributes(bmc);
  return orRefused(
    call,
    'the attributes',
    async () => {
      const present = await read(call);
      const applyTime = apply_time ?? present.applyTimes.find((time) => time === ON_RESET);
      const { job } = await bios.set(present, attributes, { ...options, applyTime });
      return redacted({
        pending: await bios.pending(await read(call), options),
        job: job ?? null,
        apply_time: applyTime ?? null,
      });
    },
    'bios_get',
  );
}

async function read({ bmc, options, nodeUuid }: BmcCall): Promise<AttributesView> {
  const system = await bmc.system(options);
  const link = linkOf(system.body['Bios']);
  const missing = `The system of node ${nodeUuid} has no BIOS settings: ${system.url}.`;
  if (link === undefined) throw new UnsupportedDriverExtension(missing);
  try {
    return await new Attributes(bmc).read(link, options);
  } catch (cause) {
    throw cause instanceof RedfishNotFoundError ? new UnsupportedDriverExtension(missing, { cause }) : cause;
  }
}
