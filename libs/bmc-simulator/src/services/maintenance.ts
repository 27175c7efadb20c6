import { type Answer, empty, json } from '../messages/answer.js';
import { Refusal } from '../messages/errors.js';
import { type Switches } from '../misbehaviours/switches.js';
import { isJsonObject, type Json, linkOf, textOf } from '../tree/json.js';
import { type ResourceTree } from '../tree/tree.js';
import { type Tasks } from './tasks.js';

const NEW_VERSION = '2.0.0';
const UPDATE_PARAMETERS = new Set([
  'ImageURI',
  'TransferProtocol',
  'Targets',
  'Username',
  'Password',
  '@Redfish.OperationApplyTime',
]);

/** Clears logs and updates firmware. */
export class Maintenance {
  constructor(
    private readonly tree: ResourceTree,
    private readonly tasks: Tasks,
    private readonly switches: Switches,
  ) {}

  /** The answer to an action of a log or of the UpdateService; undefined for other actions. */
  act(path: string, action: string, body: Json | undefined): Answer | undefined {
    switch (action) {
      case 'LogService.ClearLog':
        return this.clear(path, body);
      case 'UpdateService.SimpleUpdate':
        return this.update(path, body);
      default:
        return undefined;
    }
  }

  private clear(service: string, body: Json | undefined): Answer {
    const asked = isJsonObject(body) ? body : {};
    if (this.switches.get('clearNeedsType') && asked['ClearType'] !== 'ClearAll') {
      throw missing('ClearLog', 'ClearType');
    }
    const entries = linkOf(this.tree.get(service)?.['Entries']) ?? '';
    for (const member of this.tree.members(entries)) {
      this.tree.removeMember(entries, member);
    }
    return empty(204);
  }

  private update(service: string, body: Json | undefined): Answer {
    const asked = isJsonObject(body) ? body : {};
    const surplus = Object.keys(asked).find((name) => !UPDATE_PARAMETERS.has(name));
    if (surplus !== undefined) {
      const text = `${surplus} is no parameter.`;
      throw new Refusal(400, { id: 'ActionParameterUnknown', text, args: ['SimpleUpdate', surplus] });
    }
    const image = asked['ImageURI'];
    if (typeof image !== 'string' || !URL.canParse(image)) {
      throw image === undefined
        ? missing('SimpleUpdate', 'ImageURI')
        : Refusal.badValue('ImageURI', textOf(image));
    }
    if (this.switches.get('updateNeedsProtocol') && asked['TransferProtocol'] === undefined) {
      throw missing('SimpleUpdate', 'TransferProtocol');
    }
    const inventory = linkOf(this.tree.get(service)?.['FirmwareInventory']) ?? '';
    const named = Array.isArray(asked['Targets']) ? asked['Targets'].map(textOf) : [`${inventory}/BMC`];
    const unknown = named.find((target) => !this.tree.has(target));
    if (unknown !== undefined) {
      throw Refusal.badValue('Targets', unknown);
    }
    const effect = (): Answer => {
      named.forEach((target) => this.tree.patch(target, { Version: NEW_VERSION }));
      return json(200, {});
    };
    return this.tasks.begin('Firmware Update', effect, this.switches.get('updateTask') ?? {});
  }
}

function missing(action: string, parameter: string): Refusal {
  const text = `The action ${action} needs ${parameter}.`;
  return new Refusal(400, {
    id: 'ActionParameterMissing',
    text,
    args: [action, parameter],
    related: [parameter],
  });
}
