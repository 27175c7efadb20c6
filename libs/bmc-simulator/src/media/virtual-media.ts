import { type Answer, empty, json } from '../messages/answer.js';
import { Refusal } from '../messages/errors.js';
import { childObject, isJsonObject, type JsonObject, textOf } from '../tree/json.js';
import { type Switches } from '../misbehaviours/switches.js';
import { type EjectBehaviour } from '../misbehaviours/media-faults.js';
import { type Action, type ActionCall, type Feature, type OwnedResources } from '../protocol/feature.js';
import { type Tasks } from '../protocol/tasks.js';
import { type MediaRules } from '../profiles/vendor-rules.js';
import { Insertion } from './insertion.js';
import { type MediaStore } from './media-store.js';

const INSERT = '#VirtualMedia.InsertMedia';
const EJECT = '#VirtualMedia.EjectMedia';
/** What PATCH may set, with its type. */
const TYPES: Readonly<Record<string, string>> = {
  Image: 'string',
  Inserted: 'boolean',
  Password: 'string',
  TransferMethod: 'string',
  TransferProtocolType: 'string',
  UserName: 'string',
  WriteProtected: 'boolean',
};

/** How virtual media are shown, inserted and ejected, as the vendor and the switches have it. */
export class VirtualMedia implements Feature {
  readonly actions: Readonly<Record<string, Action>> = {
    'VirtualMedia.InsertMedia': (call) => {
      if (isOnlyPatched(this.eject)) {
        throw Refusal.notFound(call.request.path);
      }
      return this.insertion.act(call);
    },
    'VirtualMedia.EjectMedia': (call) => this.ejectByAction(call),
  };
  readonly resources: readonly OwnedResources[] = [
    {
      owns: (path) => this.store.owns(path),
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
  private readonly insertion: Insertion;

  constructor(
    private readonly store: MediaStore,
    private readonly rules: MediaRules,
    private readonly tasks: Tasks,
    private readonly switches: Switches,
  ) {
    this.insertion = new Insertion(store, tasks, switches);
  }

  private get isPatched(): boolean {
    return this.eject === 'patch-if-match';
  }

  /** Whether PATCH works, with or without actions beside it. */
  private get acceptsPatch(): boolean {
    return this.isPatched || isOnlyPatched(this.eject);
  }

  private view(path: string, resource = structuredClone(this.store.get(path))): JsonObject {
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
      if (told !== 'no-target' && isJsonObject(actions[INSERT])) {
        actions[INSERT] = structuredClone(actions[EJECT]);
      }
    }
    const unoffered = this.switches.get('insertNotOffered');
    if (unoffered === true || (unoffered && unoffered.includes(textOf(resource['Id'])))) {
      delete actions[INSERT];
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

  private patch(path: string, body: JsonObject): Answer {
    const id = textOf(this.store.get(path)['Id']);
    checkTypes(body);
    if (this.rules.insertable && !this.rules.insertable.test(id)) {
      throw new Refusal(400, {
        id: 'PropertyNotWritable',
        text: `${id} cannot be mounted in this way.`,
        args: ['Image'],
        related: ['Image'],
      });
    }
    const { Image, Inserted, WriteProtected } = body;
    if (typeof Image === 'string') {
      this.store.insert(path, Image, WriteProtected === undefined ? {} : { WriteProtected });
    } else if (Image === null || Inserted === false) {
      this.store.remove(path);
    }
    return json(200, this.view(path));
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
        return this.removed(path);
      case '415':
        if (isBare) {
          throw Refusal.mediaType();
        }
        return this.removed(path);
      case '403':
        throw new Refusal(403, { id: 'InsufficientPrivilege', text: 'The account may not eject media.' });
      case '409':
        throw new Refusal(409, { id: 'ResourceInUse', text: 'The medium is in use.' });
      case '500-swallowed':
        throw Refusal.internal();
      case '500-but-done':
        this.store.remove(path);
        throw Refusal.internal();
      case '204-but-mounted':
        return empty(204);
      case '202-task':
        return this.tasks.begin('Eject media', () => this.removed(path), this.switches.get('taskSteps'));
      default:
        return this.removed(path);
    }
  }

  private removed(path: string): Answer {
    this.store.remove(path);
    return empty(204);
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
}

function isOnlyPatched(eject: EjectBehaviour | undefined): boolean {
  return eject === 'no-target-but-patch' || eject === 'empty-target-but-patch';
}

function checkTypes(body: JsonObject): void {
  for (const [name, value] of Object.entries(body)) {
    const type = Object.hasOwn(TYPES, name) ? TYPES[name] : undefined;
    if (type === undefined) {
      throw Refusal.unknownProperty(name);
    }
    if (typeof value !== type && !(name === 'Image' && value === null)) {
      throw Refusal.badValue(name, textOf(value), 'PropertyValueTypeError');
    }
  }
}
