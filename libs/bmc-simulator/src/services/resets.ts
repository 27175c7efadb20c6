import { Refusal } from '../messages/errors.js';
import { isJsonObject, type Json, type JsonObject, stringOf } from '../tree/json.js';
import { type ResourceTree } from '../tree/tree.js';

const PARAMETER = 'ResetType';

const POWER_BY_RESET: Readonly<Record<string, 'On' | 'Off' | undefined>> = {
  On: 'On',
  ForceOn: 'On',
  ForceRestart: 'On',
  GracefulRestart: 'On',
  PowerCycle: 'On',
  FullPowerCycle: 'On',
  ForceOff: 'Off',
  GracefulShutdown: 'Off',
};

/** Does a reset of a resource with PowerState, or only checks the request. */
export function reset(tree: ResourceTree, path: string, action: JsonObject, body: Json | undefined): void {
  const given = isJsonObject(body) ? body : {};
  const surplus = Object.keys(given).find((name) => name !== PARAMETER);
  if (surplus !== undefined) {
    throw new Refusal(400, {
      id: 'ActionParameterUnknown',
      text: `${surplus} is no parameter.`,
      args: ['Reset', surplus],
    });
  }
  const type = given[PARAMETER];
  const allowed = allowable(tree, action);
  if (type === undefined && allowed.length > 0) {
    const text = `The action needs ${PARAMETER}.`;
    throw new Refusal(400, { id: 'ActionParameterMissing', text, args: ['Reset', PARAMETER] });
  }
  const isKnown = typeof type === 'string' && (allowed.length === 0 || allowed.includes(type));
  if (type !== undefined && !isKnown) {
    const text = `${JSON.stringify(type)} is not a value of ${PARAMETER}; there are: ${allowed.join(', ')}.`;
    const args = [stringOf(type) ?? JSON.stringify(type), PARAMETER, 'Reset'];
    throw new Refusal(400, { id: 'ActionParameterValueFormatError', text, args, related: [PARAMETER] });
  }
  const present = tree.get(path)?.['PowerState'];
  if (present === undefined) {
    return;
  }
  const pressed = present === 'On' ? 'Off' : 'On';
  const power = type === 'PushPowerButton' ? pressed : POWER_BY_RESET[stringOf(type) ?? ''];
  if (power !== undefined) {
    tree.patch(path, { PowerState: power });
  }
}

function allowable(tree: ResourceTree, action: JsonObject): string[] {
  const inline = strings(action[`${PARAMETER}@Redfish.AllowableValues`]);
  const info = stringOf(action['@Redfish.ActionInfo']);
  if (inline.length > 0 || info === undefined) {
    return inline;
  }
  const parameters = tree.get(info)?.['Parameters'];
  const own = Array.isArray(parameters) ? parameters.filter(isJsonObject) : [];
  return strings(own.find(({ Name }) => Name === PARAMETER)?.['AllowableValues']);
}

function strings(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
