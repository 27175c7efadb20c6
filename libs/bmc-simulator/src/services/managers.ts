import { Refusal } from '../messages/errors.js';
import { type Switches } from '../misbehaviours/switches.js';
import { type Feature, type OwnedResources } from '../protocol/feature.js';
import { type ResourceTree } from '../tree/tree.js';
import { type Sessions } from '../access/sessions.js';

/** Managers, whose restart ends every session and makes the BMC unreachable for a while. */
export class Managers implements Feature {
  readonly resources: readonly OwnedResources[] = [
    {
      owns: (path) => /\/Managers\/[^/]+$/.test(path),
      verbs: () => ['PATCH'],
      read: () => {
        const status = this.switches.get('deadManager');
        if (status) {
          throw new Refusal(status, { id: 'GeneralError', text: 'This manager cannot be read.' });
        }
        return undefined;
      },
    },
  ];
  private backAt = 0;

  constructor(
    private readonly tree: ResourceTree,
    private readonly sessions: Sessions,
    private readonly switches: Switches,
  ) {}

  get isAway(): boolean {
    return performance.now() < this.backAt;
  }

  restarted(path: string): void {
    if (this.tree.get(path)?.['LastResetTime'] !== undefined) {
      this.tree.patch(path, { LastResetTime: new Date().toISOString() });
    }
    this.sessions.expireAll();
    this.backAt = performance.now() + (this.switches.get('resetOutage') ?? 0);
  }
}
