import { type Answer, json } from '../messages/answer.js';
import { Refusal } from '../messages/errors.js';
import { type Feature, type OwnedResources, type Verb } from '../protocol/feature.js';
import { checkPatch } from '../protocol/patch-checks.js';
import { childObject, type JsonObject, linkOf } from '../tree/json.js';
import { normalisePath } from '../tree/paths.js';
import { type ResourceTree } from '../tree/tree.js';

/** The settings object of a System, by which its boot override is changed; it applies at once. */
export class SystemSettings implements Feature {
  readonly resources: readonly OwnedResources[] = [this];

  constructor(private readonly tree: ResourceTree) {}

  owns(path: string): boolean {
    return this.tree.has(path) && this.systemOf(path) !== undefined;
  }

  verbs(): readonly Verb[] {
    return ['PATCH'];
  }

  update(path: string, body: JsonObject): Answer {
    const system = this.systemOf(path);
    if (system === undefined) throw Refusal.notFound(path);
    const changes = checkPatch(this.tree.get(system) ?? {}, body);
    this.tree.patch(system, changes);
    this.tree.patch(path, changes);
    return json(200, this.tree.get(path) ?? {});
  }

  private systemOf(path: string): string | undefined {
    return this.tree
      .paths()
      .filter((each) => /\/Systems\/[^/]+$/.test(each))
      .find((system) => {
        const settings = childObject(this.tree.get(system), '@Redfish.Settings')['SettingsObject'];
        return normalisePath(linkOf(settings) ?? '') === normalisePath(path);
      });
  }
}
