import { Accounts, type Credentials } from '../access/accounts.js';
import { Certificates } from '../certificates/certificates.js';
import { type Deliver, Events } from '../events/events.js';
import { SubscriptionStore } from '../events/subscription-store.js';
import { Subscriptions } from '../events/subscriptions.js';
import { MediaStore } from '../media/media-store.js';
import { VirtualMedia } from '../media/virtual-media.js';
import { type Switches } from '../misbehaviours/switches.js';
import { type VendorRules } from '../profiles/vendor-rules.js';
import { type Feature } from '../protocol/feature.js';
import { Tasks } from '../protocol/tasks.js';
import { Bios } from '../services/bios.js';
import { DellAttributes } from '../services/dell-attributes.js';
import { logs } from '../services/logs.js';
import { Managers } from '../services/managers.js';
import { resets } from '../services/resets.js';
import { passwordChange } from '../access/password-change.js';
import { Sessions } from '../access/sessions.js';
import { SystemSettings } from '../services/system-settings.js';
import { updates } from '../services/updates.js';
import { type Layout } from '../tree/layout.js';
import { type ResourceTree } from '../tree/tree.js';

/** The parts of a BMC that have rules of their own. */
export interface Parts {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly tasks: Tasks;
  readonly subscriptions: SubscriptionStore;
  readonly events: Events;
  readonly media: MediaStore;
  readonly managers: Managers;
  readonly features: readonly Feature[];
}

export function partsOf(
  tree: ResourceTree,
  layout: Layout,
  rules: VendorRules,
  { credentials, switches, deliver }: { credentials: Credentials; switches: Switches; deliver: Deliver },
): Parts {
  const tasks = new Tasks(tree, layout.tasks, rules.taskLocation, rules.errors);
  const ended = (name: string): void => sessions.expire(name);
  const accounts = new Accounts(tree, rules.accounts ?? { ids: 'number' }, credentials, switches, ended);
  const sessions: Sessions = new Sessions(tree, layout.sessions, rules.sessions, accounts, switches);
  const subscriptions = new SubscriptionStore(tree, layout.subscriptions, rules.subscriptions, switches);
  const events = new Events(subscriptions, deliver, switches);
  const media = new MediaStore(tree, rules.media, switches);
  const bios = new Bios(tree, tasks, switches, rules.biosNeedsJob ?? false);
  const managers = new Managers(tree, sessions, switches);
  const features: readonly Feature[] = [
    tasks,
    accounts,
    passwordChange(accounts, sessions),
    sessions,
    new Subscriptions(subscriptions, rules.subscriptions, tasks, switches),
    events,
    new VirtualMedia(media, rules.media, tasks, switches),
    bios,
    new SystemSettings(tree),
    new Certificates(tree, switches),
    new DellAttributes(tree, tasks, switches),
    managers,
    resets(tree, (path, type) => {
      bios.restarted(path);
      if (type === 'Manager.Reset') managers.restarted(path);
    }),
    logs(tree, switches),
    updates(tree, tasks, switches),
  ];
  return { accounts, sessions, tasks, subscriptions, events, media, managers, features };
}
