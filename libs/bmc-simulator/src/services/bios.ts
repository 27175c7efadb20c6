import { type Answer, json } from '../messages/answer.js';
import { type Switches } from '../misbehaviours/switches.js';
import { type TaskScript } from '../misbehaviours/task-script.js';
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

/** What the 202 of a change names until the next reset. */
const SCHEDULED: TaskScript = { running: 'Scheduled', polls: Infinity };

/**
 * BIOS attributes and the object of their pending values, which the next reset of the System applies; on Dell only if
 * the change asked for an apply time, which makes a job.
 */
export class Bios implements Feature {
  readonly resources: readonly OwnedResources[] = [this];

  constructor(
    private readonly tree: ResourceTree,
    private readonly tasks: Tasks,
    private readonly switches: Switches,
    private readonly needsJob: boolean,
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
    const time = applyTimeOf(current, body);
    const wanted = attributesOf(childObject(current, 'Attributes'), body);
    this.tree.patch(path, { Attributes: wanted });
    const own = this.needsJob && time !== undefined ? (time === 'Immediate' ? {} : SCHEDULED) : undefined;
    const script = this.switches.get('biosJob') ?? own;
    if (place === undefined || script === undefined) {
      return json(200, this.tree.get(path) ?? {});
    }
    const apply = (): Answer => {
      this.apply(place);
      return json(200, {});
    };
    return this.tasks.begin('Configure BIOS', apply, script, time === 'OnReset' ? place.system : undefined);
  }

  /** A reset of a System makes its pending values the current ones. */
  restarted(path: string): void {
    if (this.needsJob) {
      this.tasks.restarted(path);
    } else {
      this.places()
        .filter(({ system }) => system === path)
        .forEach((place) => this.apply(place));
    }
  }

  private apply({ bios, settings }: Place): void {
    this.tree.patch(bios, { Attributes: childObject(this.tree.get(settings), 'Attributes') });
    this.tree.set(settings, { ...this.tree.get(settings), Attributes: {} });
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
