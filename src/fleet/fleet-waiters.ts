import { Inject, Injectable } from '@nestjs/common';
import { Notifications } from '../database/notifications/notifications.js';
import { EndWaiters } from '../jobs/following/end-waiters.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { CHANNEL } from './fleet-call.js';
import { FleetCallRepository } from './fleet-call.repository.js';

/** Requests that wait for the ends of fleet calls. */
@Injectable()
export class FleetWaiters extends EndWaiters {
  constructor(
    @Inject(FleetCallRepository) repository: Pick<FleetCallRepository, 'open'>,
    @Inject(Notifications) notifications: Pick<Notifications, 'subscribe'>,
    lifecycle: Lifecycle,
  ) {
    const ends = {
      what: 'fleet calls',
      most: 500,
      share: 125,
      ended: async (ids: readonly string[]) => {
        const open = new Set(await repository.open(ids));
        return ids.filter((id) => !open.has(id));
      },
      follow: (onChange: (ended: undefined) => void) =>
        notifications.subscribe(CHANNEL, () => onChange(undefined)),
      ready: async () => {},
    };
    super(ends, lifecycle);
  }
}
