import { type Answer, empty } from '../messages/answer.js';
import { Refusal } from '../messages/errors.js';
import { type JsonObject, stringOf } from '../tree/json.js';
import { type Switches } from '../misbehaviours/switches.js';
import { type InsertBehaviour } from '../misbehaviours/media-faults.js';
import { type ActionCall } from '../protocol/feature.js';
import { type Tasks } from '../protocol/tasks.js';
import { type MediaStore } from './media-store.js';

/** The action InsertMedia. */
export class Insertion {
  constructor(
    private readonly store: MediaStore,
    private readonly tasks: Tasks,
    private readonly switches: Switches,
  ) {}

  act({ path, parameters }: ActionCall): Answer {
    const Image = stringOf(parameters['Image']);
    if (!Image) {
      throw Refusal.missingProperty('Image');
    }
    const state = checkInsertion(parameters, Image);
    if (this.store.get(path)['Inserted'] === true) {
      throw new Refusal(409, { id: 'ResourceInUse', text: 'A medium is mounted already.' });
    }
    const effect = (): Answer => {
      this.store.insert(path, Image, state);
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
        throw Refusal.internal();
      case '204-but-empty':
        return empty(204);
      case undefined:
        return effect();
    }
  }
}

function checkInsertion(given: JsonObject, image: string): JsonObject {
  if (!/^(?:https?|nfs|cifs|smb|ftp|file):\/\/\S+$/i.test(image) && !/^\/\/\S+$|^\S+:\/\S+$/.test(image)) {
    throw Refusal.badValue('Image', image, 'ActionParameterValueFormatError', 'InsertMedia');
  }
  const flags = ['Inserted', 'WriteProtected'].filter((name) => given[name] !== undefined);
  const wrong = flags.find((name) => typeof given[name] !== 'boolean');
  if (wrong !== undefined) {
    throw Refusal.badValue(wrong, typeof given[wrong], 'ActionParameterValueTypeError', 'InsertMedia');
  }
  return Object.fromEntries(flags.map((name) => [name, given[name]]));
}
