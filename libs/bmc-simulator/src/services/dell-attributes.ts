import { type Answer, json } from '../messages/answer.js';
import { type TaskScript } from '../misbehaviours/task-script.js';
import { type Switches } from '../misbehaviours/switches.js';
import { type Feature, type OwnedResources, type Verb } from '../protocol/feature.js';
import { type Tasks } from '../protocol/tasks.js';
import { childObject, isJsonObject, type Json, type JsonObject } from '../tree/json.js';
import { type ResourceTree } from '../tree/tree.js';
import { applyTimeOf, attributesOf } from './attributes.js';

const PLACE = /^(.*\/DellAttributes\/[^/]+?)(\/Settings)?$/;

/** Dell's attribute groups: a PATCH applies at once, one of `Settings` at the asked time, as a job. */
export class DellAttributes implements Feature {
  readonly resources: readonly OwnedResources[] = [this];

  constructor(
    private readonly tree: ResourceTree,
    private readonly tasks: Tasks,
    private readonly switches: Switches,
  ) {}

  owns(path: string): boolean {
    return PLACE.test(path);
  }

  verbs(): readonly Verb[] {
    return ['PATCH'];
  }

  update(path: string, body: JsonObject): Answer {
    const [, group = path, settings] = PLACE.exec(path) ?? [];
    const current = this.tree.get(group);
    const time = applyTimeOf(current, body);
    const wanted = attributesOf(childObject(current, 'Attributes'), body, isReadOnly);
    const apply = (): Answer => {
      // Passwords are written and never shown.
      const shown = Object.entries(wanted).map(([name, value]): [string, Json | undefined] => [
        name,
        isSecret(name) ? null : value,
      ]);
      this.tree.patch(group, { Attributes: Object.fromEntries(shown) });
      const stored = this.tree.get(`${group}/Settings`);
      if (isJsonObject(stored)) this.tree.set(`${group}/Settings`, { ...stored, Attributes: {} });
      return json(200, this.tree.get(group) ?? {});
    };
    if (settings === undefined) {
      return apply();
    }
    this.tree.patch(path, { Attributes: wanted });
    const script: TaskScript = time === 'Immediate' ? {} : { running: 'Scheduled', polls: Infinity };
    return this.tasks.begin('Configure iDRAC', apply, this.switches.get('attributesJob') ?? script);
  }
}

function isReadOnly(name: string): boolean {
  return name.startsWith('Info.');
}

function isSecret(name: string): boolean {
  return name.endsWith('Password');
}
