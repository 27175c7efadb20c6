import { type JsonObject as ResultObject, UnsupportedDriverExtension } from '@ferrule/driver-kit';
import { BmcAttributes } from '@ferrule/redfish';
import { type BmcCall } from '../bmc/bmc-call.js';
import { redacted } from '../bmc/redact.js';
import { unreadView } from '../bmc/unread-view.js';
import { orRefused } from '../bmc/refusal.js';
import { type BmcAttributesGetArgs, type BmcAttributesSetArgs } from './bmc-attributes.args.js';

/** A group of attributes that are the vendor's own, with those that will change. */
export async function bmcAttributesGet(
  call: BmcCall,
  { group }: BmcAttributesGetArgs,
): Promise<ResultObject> {
  const { options } = call;
  const attributes = await attributesOf(call);
  const view = await attributes.read(group, options);
  return redacted({
    groups: view.groups.map(({ name }) => name),
    group: view.group.name,
    path: view.group.path,
    registry: view.registry ?? null,
    attributes: view.attributes,
    pending: view.pending,
    apply_times: [...view.applyTimes],
    ...unreadView(view.unread),
  });
}

/**
 * Sets attributes of one group, and reads them afterwards.
 * @throws InvalidParameterValue with the BMC's words for what it refuses
 */
export async function bmcAttributesSet(call: BmcCall, wanted: BmcAttributesSetArgs): Promise<ResultObject> {
  const { options } = call;
  const attributes = await attributesOf(call);
  return orRefused(
    call,
    'the attributes',
    async () => {
      const { group, apply_time: applyTime } = wanted;
      const change = await attributes.set(wanted.attributes, { ...options, group, applyTime });
      const now = await attributes.read(change.group.name, options);
      const named = Object.entries(now.attributes).filter(([name]) => Object.hasOwn(wanted.attributes, name));
      return redacted({
        group: change.group.name,
        attributes: Object.fromEntries(named),
        pending: now.pending,
        job: change.job ?? null,
        apply_time: applyTime ?? null,
      });
    },
    'bmc_attributes_get',
  );
}

async function attributesOf(call: BmcCall): Promise<BmcAttributes> {
  const { bmc, options, nodeUuid } = call;
  const attributes = new BmcAttributes(bmc);
  const groups = await attributes.groups(options);
  if (groups.length === 0) {
    throw new UnsupportedDriverExtension(`The BMC of node ${nodeUuid} shows no attributes of its own.`);
  }
  return attributes;
}
