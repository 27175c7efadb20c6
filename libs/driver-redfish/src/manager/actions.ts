import { UnsupportedDriverExtension } from '@ferrule/driver-kit';
import {
  actionTarget,
  isJsonObject,
  linkOf,
  RedfishNotFoundError,
  textAt,
  valueAt,
  type RedfishResource,
} from '@ferrule/redfish';
import { type BmcCall } from '../bmc/bmc-call.js';

/** The values that an action publishes for a parameter, in itself or in its ActionInfo; empty if there are none. */
export async function allowableValues(
  { bmc, options }: BmcCall,
  { body }: RedfishResource,
  action: string,
  parameter: string,
): Promise<string[]> {
  const inline = texts(valueAt(body, 'Actions', action, `${parameter}@Redfish.AllowableValues`));
  const info = linkOf(valueAt(body, 'Actions', action, '@Redfish.ActionInfo'));
  if (inline.length > 0 || info === undefined) return inline;
  const parameters = await bmc.get(info, options).then(
    ({ body }) => body['Parameters'],
    (error: unknown) => {
      if (error instanceof RedfishNotFoundError) return undefined;
      throw error;
    },
  );
  const own = Array.isArray(parameters) ? parameters.filter(isJsonObject) : [];
  return texts(
    valueAt(
      own.find((each) => textAt(each, 'Name') === parameter),
      'AllowableValues',
    ),
  );
}

/** The manager of the node's system that offers an action: the first in the order of the BMC. */
export async function managerWith(
  { bmc, options, nodeUuid }: BmcCall,
  action: string,
): Promise<{ manager: RedfishResource; target: string }> {
  const managers = await bmc.managers(await bmc.system(options), options);
  for (const manager of managers) {
    const target = actionTarget(manager.body, action);
    if (target !== undefined) return { manager, target };
  }
  throw new UnsupportedDriverExtension(
    `No manager of node ${nodeUuid} offers the action ${action.replace('#', '')}.`,
  );
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}
