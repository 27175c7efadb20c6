import { empty } from '../messages/answer.js';
import { type Switches } from '../misbehaviours/switches.js';
import { type Feature, missingParameter } from '../protocol/feature.js';
import { linkOf } from '../tree/json.js';
import { type ResourceTree } from '../tree/tree.js';

/** The clearing of logs. */
export function logs(tree: ResourceTree, switches: Switches): Feature {
  return {
    actions: {
      'LogService.ClearLog': ({ path, name, parameters }) => {
        if (switches.get('clearNeedsType') && parameters['ClearType'] !== 'ClearAll') {
          throw missingParameter(name, 'ClearType');
        }
        const entries = linkOf(tree.get(path)?.['Entries']) ?? '';
        tree.members(entries).forEach((member) => tree.removeMember(entries, member));
        return empty(204);
      },
    },
  };
}
