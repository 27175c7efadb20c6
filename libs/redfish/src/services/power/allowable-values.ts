import { RedfishNotFoundError } from '../../errors.js';
import { isJsonObject, linkOf, textAt, textsOf, valueAt, type JsonObject } from '../../json.js';
import type { CallOptions } from '../../types.js';
import type { RedfishClient } from '../client.js';

/** The values that an action publishes for a parameter, in itself or in its ActionInfo; empty if there are none. */
export async function allowableValues(
  bmc: RedfishClient,
  body: JsonObject,
  action: string,
  parameter: string,
  options: CallOptions,
): Promise<string[]> {
  const inline = textsOf(valueAt(body, 'Actions', action, `${parameter}@Redfish.AllowableValues`));
  const info = linkOf(valueAt(body, 'Actions', action, '@Redfish.ActionInfo'));
  if (inline.length > 0 || info === undefined) return inline;
  try {
    const { Parameters } = (await bmc.get(info, options)).body;
    const own = (Array.isArray(Parameters) ? Parameters : []).filter(isJsonObject);
    return textsOf(own.find((each) => textAt(each, 'Name') === parameter)?.['AllowableValues']);
  } catch (error) {
    if (error instanceof RedfishNotFoundError) return [];
    throw error;
  }
}
