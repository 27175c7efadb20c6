import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Database } from '../database/database.js';
import { reasonOf } from '../logging/reason-of.js';
import { throttled } from '../logging/throttled.js';
import { Periodic } from '../waiting/periodic.js';
import { NodeLockLost } from './errors.js';
import { HeldLocks } from './held-locks.js';
import { lockLine } from './lock-line.js';
import { type Reservation } from './reservation.js';

const INTERVAL_MS = 1_000;

const LOST = {
  name: 'reservations-lost',
  text: `
    select asked.token, case when held.broken_token = asked.token then held.broken_by end as "by",
           held.broken_token is not distinct from asked.token as "isBroken"
    from unnest($1::bigint[], $2::uuid[]) as asked (node_id, token)
      left join lateral (
        select token, broken_token, broken_by from reservations where reservations.node_id = asked.node_id offset 0) held on true
    where held.token is distinct from asked.token`,
};

interface Lost {
  readonly token: string;
  readonly by: string | null;
  readonly isBroken: boolean;
}

/** Sees that locks of calls of this process were broken, and aborts their methods. Short calls cost nothing. */
@Injectable()
export class LostLocks implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(LostLocks.name);
  private readonly rounds: Periodic;

  constructor(
    private readonly database: Database,
    private readonly held: HeldLocks,
  ) {
    const warn = throttled((message) => this.logger.warn(message));
    this.rounds = new Periodic(
      () => INTERVAL_MS,
      () => this.look(),
      (error) => warn(`The search for broken locks failed: ${reasonOf(error)}`),
    );
  }

  onApplicationBootstrap(): void {
    this.rounds.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.rounds.stop();
  }

  /** A lock that this process has broken itself. */
  broken(token: string, by: string | null): void {
    this.abort({ token, by, isBroken: true });
  }

  /** Before something is begun under a lock: one that was taken just now is not looked at. */
  async lookAt(reservation: Reservation): Promise<void> {
    await this.lookAtAll([reservation]);
  }

  private look(): Promise<void> {
    return this.lookAtAll(this.held.all);
  }

  private async lookAtAll(reservations: readonly Reservation[]): Promise<void> {
    const before = performance.now() - INTERVAL_MS;
    const locks = reservations.filter(({ takenAt, isGone }) => !isGone && takenAt < before);
    if (locks.length === 0) return;
    const rows = await this.database.hot.query<Lost & Record<string, unknown>>(LOST, [
      locks.map(({ node }) => node.id),
      locks.map(({ token }) => token),
    ]);
    for (const row of rows) this.abort(row);
  }

  private abort({ token, by, isBroken }: Lost): void {
    const reservation: Reservation | undefined = this.held.all.find((each) => each.token === token);
    // One that is released has no token any more.
    if (!reservation || reservation.isGone) return;
    const { uuid } = reservation.node;
    const lost = isBroken ? NodeLockLost.brokenBy(by, uuid) : new NodeLockLost(uuid, 'it was taken away');
    this.logger.warn(lockLine(lost.message, reservation));
    reservation.abort(lost);
  }
}
