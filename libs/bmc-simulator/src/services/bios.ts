import { type Answer, json } from '../messages/answer.js';
import { type Switches } from '../misbehaviours/switches.js';
import { type Feature, type OwnedResources, type Verb } from '../protocol/feature.js';
import { childObject, type JsonObject, linkOf } from '../tree/json.js';
import { normalisePath } from '../tree/paths.js';
import { type ResourceTree } from '../tree/tree.js';
import { type Tasks } from '../protocol/tasks.js';
import { applyTimeOf, attributesOf } from './attributes.js';

const SETTINGS = '@Redfish.Settings';

interface Place {
  readonly system: string;
  readonly bios: string;
  readonly settings: string;
}

/** BIOS attributes and the object of their pending values, which the next reset of the System applies. */
export class Bios implements Feature {
  readonly resources: readonly OwnedResources[] = [this];

  constructor(
    private readonly tree: ResourceTree,
    private readonly tasks: Tasks,
    private readonly switches: Switches,
  ) {}

  /** Whether a path is that of pending values. */
  owns(path: string): boolean {
    return this.places().some(({ settings }) => settings === path);
  }

  verbs(): readonly Verb[] {
    return ['PATCH'];
  }

  update(path: string, body: JsonObject): Answer {
    const place = this.places().find(({ settings }) => settings === path);
    const current = this.tree.get(place?.bios ?? '');
    applyTimeOf(current, body);
    const wanted = attributesOf(childObject(current, 'Attributes'), body);
    this.tree.patch(path, { Attributes: wanted });
    const told = this.switches.get('biosJob');
    return told
      ? this.tasks.begin('Configure BIOS', () => json(200, {}), told)
      : json(200, this.tree.get(path) ?? {});
  }

  /** A reset of a System makes its pending values the current ones. */
  restarted(path: string): void {
    for (const { system, bios, settings } of this.places()) {
      if (system === path) {
        this.tree.patch(bios, { Attributes: childObject(this.tree.get(settings), 'Attributes') });
        this.tree.set(settings, { ...this.tree.get(settings), Attributes: {} });
      }
    }
  }

  private places(): Place[] {
    return this.tree
      .paths()
      .filter((path) => /\/Systems\/[^/]+$/.test(path))
      .flatMap((system) => {
        const bios = linkOf(this.tree.get(system)?.['Bios']);
        const settings = linkOf(childObject(this.tree.get(bios ?? ''), SETTINGS)['SettingsObject']);
        return bios === undefined || settings === undefined
          ? []
          : [{ system, bios: normalisePath(bios), settings: normalisePath(settings) }];
      });
  }
}
