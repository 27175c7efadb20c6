import { type Answer, json } from '../messages/answer.js';
import { Refusal } from '../messages/errors.js';
import { type Switches } from '../misbehaviours/switches.js';
import { type ActionCall, checkParameters, type Feature, missingParameter } from '../protocol/feature.js';
import { type Tasks } from '../protocol/tasks.js';
import { linkOf, textOf } from '../tree/json.js';
import { type ResourceTree } from '../tree/tree.js';

const NEW_VERSION = '2.0.0';
const PARAMETERS = [
  'ImageURI',
  'TransferProtocol',
  'Targets',
  'Username',
  'Password',
  '@Redfish.OperationApplyTime',
];

/** Firmware updates. */
export function updates(tree: ResourceTree, tasks: Tasks, switches: Switches): Feature {
  const update = (call: ActionCall): Answer => {
    checkParameters(call, PARAMETERS);
    const { path, name, parameters } = call;
    const image = parameters['ImageURI'];
    if (image === undefined) {
      throw missingParameter(name, 'ImageURI');
    }
    if (typeof image !== 'string' || !URL.canParse(image)) {
      throw Refusal.badValue('ImageURI', textOf(image));
    }
    if (switches.get('updateNeedsProtocol') && parameters['TransferProtocol'] === undefined) {
      throw missingParameter(name, 'TransferProtocol');
    }
    const inventory = linkOf(tree.get(path)?.['FirmwareInventory']) ?? '';
    const { Targets } = parameters;
    const named = Array.isArray(Targets) ? Targets.map(textOf) : [`${inventory}/BMC`];
    const unknown = named.find((target) => !tree.has(target));
    if (unknown !== undefined) {
      throw Refusal.badValue('Targets', unknown);
    }
    const effect = (): Answer => {
      named.forEach((target) => tree.patch(target, { Version: NEW_VERSION }));
      return json(200, {});
    };
    return tasks.begin('Firmware Update', effect, switches.get('updateTask') ?? {});
  };
  return { actions: { 'UpdateService.SimpleUpdate': update } };
}
