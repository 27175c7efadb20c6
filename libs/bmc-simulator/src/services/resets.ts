import { empty } from '../messages/answer.js';
import { Refusal } from '../messages/errors.js';
import {
  type Action,
  type ActionCall,
  checkParameters,
  type Feature,
  missingParameter,
} from '../protocol/feature.js';
import { childObject, isJsonObject, type Json, type JsonObject, stringOf } from '../tree/json.js';
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

/** The actions that reset a resource. `done` is called with its path and the name of the action. */
export function resets(tree: ResourceTree, done: (path: string, name: string) => void): Feature {
  const act: Action = (call) => {
    reset(tree, call);
    done(call.path, call.name);
    return empty(204);
  };
  return { actions: { 'ComputerSystem.Reset': act, 'Manager.Reset': act, 'Chassis.Reset': act } };
}

/** Does a reset of a resource with PowerState, or only checks the request. */
function reset(tree: ResourceTree, call: ActionCall): void {
  checkParameters(call, [PARAMETER]);
  const { path } = call;
  const type = call.parameters[PARAMETER];
  const allowed = allowable(tree, call.offered);
  if (type === undefined && allowed.length > 0) {
    throw missingParameter(call.name, PARAMETER);
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
  if (power === 'On' && childObject(tree.get(path), 'Boot')['BootSourceOverrideEnabled'] === 'Once') {
    tree.patch(path, { Boot: { BootSourceOverrideEnabled: 'Disabled', BootSourceOverrideTarget: 'None' } });
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
