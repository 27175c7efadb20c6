import { type Answer, empty, json } from '../messages/answer.js';
import { Refusal } from '../messages/errors.js';
import { childObject, type Json, type JsonObject, linkOf, stringOf, textOf } from '../tree/json.js';
import { type Switches } from '../misbehaviours/switches.js';
import { type EjectBehaviour, type InsertBehaviour } from '../misbehaviours/media-faults.js';
import { normalisePath } from '../tree/paths.js';
import { type Action, type ActionCall, type Feature, type OwnedResources } from '../protocol/feature.js';
import { type Tasks } from '../protocol/tasks.js';
import { type ResourceTree } from '../tree/tree.js';
import { type MediaRules } from '../profiles/vendor-rules.js';

export interface MediumState {
  readonly path: string;
  readonly id: string;
  readonly inserted: boolean;
  readonly image: string | undefined;
}

const EJECT = '#VirtualMedia.EjectMedia';

export class VirtualMedia implements Feature {
  readonly actions: Readonly<Record<string, Action>> = {
    'VirtualMedia.InsertMedia': (call) => this.insertByAction(call),
    'VirtualMedia.EjectMedia': (call) => this.ejectByAction(call),
  };
  readonly resources: readonly OwnedResources[] = [
    {
      owns: (path) => this.owns(path),
      verbs: () => (this.acceptsPatch ? ['PATCH'] : []),
      show: (path, stored) => this.view(path, stored),
      update: (path, body) => this.patch(path, body),
    },
    {
      owns: (path) => this.switches.get('deadMedium') !== undefined && /\/VirtualMedia\/Dead$/.test(path),
      verbs: () => [],
      read: () => {
        const status = this.switches.get('deadMedium');
        if (status) {
          throw new Refusal(status, { id: 'GeneralError', text: 'This medium cannot be read.' });
        }
        return undefined;
      },
    },
  ];
  constructor(
    private readonly tree: ResourceTree,
    private readonly rules: MediaRules,
    private readonly tasks: Tasks,
    private readonly switches: Switches,
  ) {}

  get collections(): string[] {
    const links = this.tree
      .paths()
      .filter((path) => /\/(Systems|Managers)\/[^/]+$/.test(path))
      .map((path) => linkOf(this.tree.get(path)?.['VirtualMedia']))
      .filter((path) => path !== undefined);
    return [...new Set(links.map(normalisePath))];
  }

  private get isPatched(): boolean {
    return this.eject === 'patch-if-match';
  }

  /** Whether PATCH works, with or without actions beside it. */
  private get acceptsPatch(): boolean {
    return this.isPatched || isOnlyPatched(this.eject);
  }

  get list(): MediumState[] {
    return this.paths().map((path) => {
      const { Id, Inserted, Image } = this.tree.get(path) ?? {};
      return { path, id: textOf(Id), inserted: Inserted === true, image: stringOf(Image) };
    });
  }

  owns(path: string): boolean {
    return this.paths().includes(normalisePath(path));
  }

  private view(path: string, resource = structuredClone(this.tree.get(path) ?? {})): JsonObject {
    const told = this.switches.get('eject');
    const isHidden =
      told === 'absent-unless-inserted' || (told === undefined && this.rules.isEjectHiddenWhileEmpty);
    const actions = childObject(resource, 'Actions');
    if (this.isPatched) {
      delete resource['Actions'];
    } else if (isHidden && resource['Inserted'] !== true) {
      delete actions[EJECT];
    } else if (isHidden) {
      actions[EJECT] = { target: `${path}/Actions/VirtualMedia.EjectMedia` };
    } else if (told === 'no-target' || isOnlyPatched(told)) {
      actions[EJECT] = told === 'empty-target-but-patch' ? { target: '' } : {};
    }
    if (this.switches.get('emptyMediaInserted') && resource['Inserted'] === false) {
      resource['Inserted'] = true;
    }
    const types = this.switches.get('mediaTypes');
    if (types === 'absent') {
      delete resource['MediaTypes'];
    } else if (types) {
      resource['MediaTypes'] = [...types];
    }
    return resource;
  }

  private insertByAction({ path, parameters }: ActionCall): Answer {
    const Image = stringOf(parameters['Image']);
    if (!Image) {
      throw Refusal.missingProperty('Image');
    }
    const { Inserted, WriteProtected } = checkInsertion(parameters, Image);
    if (this.tree.get(path)?.['Inserted'] === true) {
      throw new Refusal(409, { id: 'ResourceInUse', text: 'A medium is mounted already.' });
    }
    const effect = (): Answer => {
      this.insert(path, Image);
      this.twins(path).forEach((twin) =>
        this.tree.patch(twin, {
          ...(WriteProtected !== undefined && { WriteProtected }),
          ...(Inserted === false && { Inserted: false }),
        }),
      );
      return empty(204);
    };
    return this.insertAs(this.switches.get('insert'), parameters, effect);
  }

  private insertAs(how: InsertBehaviour | undefined, body: JsonObject, effect: () => Answer): Answer {
    const needed = {
      'needs-protocol': ['TransferProtocolType'],
      'needs-method': ['TransferMethod'],
      'needs-credentials': ['UserName', 'Password'],
    };
    switch (how) {
      case 'needs-protocol':
      case 'needs-method':
      case 'needs-credentials': {
        const missing = needed[how].find((name) => !(name in body));
        if (missing !== undefined) throw Refusal.missingProperty(missing);
        return effect();
      }
      case '202-task':
        return this.tasks.begin('Insert media', effect, this.switches.get('taskSteps'));
      case '403':
        throw new Refusal(403, { id: 'InsufficientPrivilege', text: 'The account may not insert media.' });
      case '500-but-done':
        effect();
        throw internalError();
      case '204-but-empty':
        return empty(204);
      case undefined:
        return effect();
    }
  }

  private patch(path: string, body: JsonObject): Answer {
    const id = textOf(this.tree.get(path)?.['Id']);
    if (this.rules.insertable && !this.rules.insertable.test(id)) {
      throw new Refusal(400, {
        id: 'PropertyNotWritable',
        text: `${id} cannot be mounted in this way.`,
        args: ['Image'],
        related: ['Image'],
      });
    }
    const Image: Json | undefined = body['Image'];
    if (typeof Image === 'string') {
      this.insert(path, Image);
    } else if (Image === null || body['Inserted'] === false) {
      this.remove(path);
    }
    return json(200, this.view(path));
  }

  insert(path: string, image: string): void {
    const ImageName = image.split('/').at(-1) ?? image;
    const changes = { Image: image, ImageName, Inserted: true, ConnectedVia: 'URI' };
    this.twins(path).forEach((twin) => this.tree.patch(twin, changes));
  }

  /** The path of a medium by path, by Id, or by the end of its path (`Managers/1/VirtualMedia/2`). */
  find(slot: string): string | undefined {
    const paths = this.paths();
    const wanted = normalisePath(slot);
    return (
      paths.find((path) => path === wanted) ??
      paths.find((path) => this.tree.get(path)?.['Id'] === slot) ??
      paths.find((path) => path.endsWith(`/${wanted}`))
    );
  }

  private ejectByAction({ path, request }: ActionCall): Answer {
    const how = this.eject;
    if (isOnlyPatched(how)) {
      throw Refusal.notFound(request.path);
    }
    const isBare = request.rawBody === '';
    switch (how) {
      case 'needs-empty-object':
        if (isBare) {
          throw Refusal.malformed();
        }
        return this.remove(path);
      case '415':
        if (isBare) {
          throw Refusal.mediaType();
        }
        return this.remove(path);
      case '403':
        throw new Refusal(403, { id: 'InsufficientPrivilege', text: 'The account may not eject media.' });
      case '409':
        throw new Refusal(409, { id: 'ResourceInUse', text: 'The medium is in use.' });
      case '500-swallowed':
        throw internalError();
      case '500-but-done':
        this.remove(path);
        throw internalError();
      case '204-but-mounted':
        return empty(204);
      case '202-task':
        return this.tasks.begin('Eject media', () => this.remove(path), this.switches.get('taskSteps'));
      default:
        return this.remove(path);
    }
  }

  private get eject(): EjectBehaviour | undefined {
    const told = this.switches.get('eject');
    if (told) {
      return told;
    }
    const byRule = {
      action: undefined,
      'empty-object-400': 'needs-empty-object',
      'empty-object-415': '415',
      patch: 'patch-if-match',
    } as const;
    return byRule[this.rules.eject];
  }

  private remove(path: string): Answer {
    const { ejectEmpty, emptyImage } = this.rules;
    const refusal = ejectEmpty ?? (this.switches.get('emptyMediaInserted') ? 'ResourceInUse' : undefined);
    if (refusal !== undefined && this.tree.get(path)?.['Inserted'] !== true) {
      throw new Refusal(400, { id: refusal, text: 'No virtual medium is connected.' });
    }
    const isKept = this.switches.get('imageNameKept') ?? this.rules.isImageNameKept;
    for (const twin of this.twins(path)) {
      this.tree.patch(twin, { Inserted: false, ConnectedVia: 'NotConnected', Image: emptyImage });
      if (!isKept) {
        this.tree.patch(twin, { ImageName: emptyImage });
      }
    }
    return empty(204);
  }

  private twins(path: string): string[] {
    const id = this.tree.get(path)?.['Id'];
    const others = this.rules.isMirrored
      ? this.paths().filter((one) => this.tree.get(one)?.['Id'] === id)
      : [];
    return [...new Set([normalisePath(path), ...others])];
  }

  private paths(): string[] {
    const members = this.collections.flatMap((collection) => this.tree.members(collection));
    return [...new Set(members.map(normalisePath))].filter((path) => this.tree.has(path));
  }
}

function isOnlyPatched(eject: EjectBehaviour | undefined): boolean {
  return eject === 'no-target-but-patch' || eject === 'empty-target-but-patch';
}

function internalError(): Refusal {
  return new Refusal(500, { id: 'InternalError', text: 'The request failed inside the service.' });
}

function checkInsertion(given: JsonObject, image: string): { Inserted?: boolean; WriteProtected?: boolean } {
  if (!/^(?:https?|nfs|cifs|smb|ftp|file):\/\/\S+$/i.test(image) && !/^\/\/\S+$|^\S+:\/\S+$/.test(image)) {
    throw Refusal.badValue('Image', image, 'ActionParameterValueFormatError', 'InsertMedia');
  }
  const flag = (name: 'Inserted' | 'WriteProtected'): boolean | undefined => {
    const value = given[name];
    if (value !== undefined && typeof value !== 'boolean') {
      throw Refusal.badValue(name, typeof value, 'ActionParameterValueTypeError', 'InsertMedia');
    }
    return value;
  };
  const [Inserted, WriteProtected] = [flag('Inserted'), flag('WriteProtected')];
  return {
    ...(Inserted !== undefined && { Inserted }),
    ...(WriteProtected !== undefined && { WriteProtected }),
  };
}
