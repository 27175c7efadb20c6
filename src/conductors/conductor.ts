import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { LeaseUnsure } from '../lifecycle/errors.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { reasonOf } from '../logging/reason-of.js';
import { type Announcement, ConductorRepository } from './conductor.repository.js';
import { LeaseKeeper } from './lease-keeper.js';
import { type Life } from './life.js';

/** Ids of this process that others may still use. */
const REMEMBERED = 8;

@Injectable()
export class Conductor implements OnModuleInit, OnApplicationShutdown {
  readonly hostname: string;
  private readonly logger = new Logger(Conductor.name);
  private readonly keeper: LeaseKeeper;
  private readonly listeners: (() => void)[] = [];
  private readonly registrationListeners: (() => void)[] = [];
  /** The latest last. */
  private readonly ids: string[] = [];
  /** Until it listens, others send no work here. */
  private announcement: Announcement = { address: null, takesWork: false };
  /** What the database has. */
  private announced: Announcement | undefined;
  private left: number | undefined;

  constructor(
    private readonly repository: ConductorRepository,
    @Inject(CONFIG) config: Config,
    private readonly lifecycle: Lifecycle,
  ) {
    this.hostname = config.hostname;
    this.keeper = new LeaseKeeper({
      lease: config.lease * 1000,
      register: (id) => this.register(id),
      renew: (id) => this.renew(id),
      onLost: () => this.abortAll(),
      onFailure: (error) => this.logger.warn(`The lease could not be renewed: ${reasonOf(error)}`),
    });
  }

  /** At init, because other modules need it in their bootstrap hooks. */
  async onModuleInit(): Promise<void> {
    await this.keeper.start();
    this.lifecycle.onDrain(() => void this.leave());
  }

  /** @param address where other processes reach this one. */
  async listensAt(address: string | null): Promise<void> {
    await this.announce({ address, takesWork: true });
  }

  private async announce(announcement: Announcement): Promise<void> {
    this.announcement = announcement;
    await this.beat();
    // It may have joined a renewal that was sent before.
    if (this.announced !== announcement) await this.beat();
  }

  private async renew(id: string): Promise<boolean> {
    const { announcement } = this;
    const isAlive = await this.repository.renew(id, announcement);
    this.announced = announcement;
    return isAlive;
  }

  private async register(id: string): Promise<void> {
    const { announcement } = this;
    await this.repository.register(id, announcement);
    this.ids.push(id);
    if (this.ids.length > REMEMBERED) this.ids.shift();
    this.announced = announcement;
    for (const listener of this.registrationListeners) listener();
  }

  /** From now on, other processes send no more work here once they have looked. */
  private async leave(): Promise<void> {
    const announcement = { address: null, takesWork: false };
    if (this.hasLease) await this.announce(announcement);
    else this.announcement = announcement;
    this.left = performance.now();
  }

  async onApplicationShutdown(): Promise<void> {
    const { life } = this.keeper;
    this.keeper.stop();
    if (!life) return;
    await this.repository.unregister(life.id).catch((error: unknown) => {
      this.logger.warn(`This process could not be unregistered: ${reasonOf(error)}`);
    });
  }

  /** @throws LeaseUnsure (503) while the lease is not confirmed. */
  get life(): Life {
    const { life } = this.keeper;
    if (life) return life;
    throw new LeaseUnsure();
  }

  get latestDatabaseTime(): number {
    return this.repository.latestDatabaseTime;
  }

  /** By an id of this process, which only processes of its database know; others may still use one of before. */
  isKnownAs(id: string): boolean {
    return this.ids.includes(id);
  }

  /** When the database had that this process takes no more work, by `performance.now()`; undefined before. */
  get leftAt(): number | undefined {
    return this.left;
  }

  get hasLease(): boolean {
    return this.keeper.life !== undefined;
  }

  onLost(listener: () => void): void {
    this.listeners.push(listener);
  }

  onRegistered(listener: () => void): void {
    this.registrationListeners.push(listener);
  }

  beat(): Promise<void> {
    return this.keeper.beat();
  }

  private abortAll(): void {
    this.logger.error('The lease of this process could not be renewed: its locks and jobs are given up.');
    for (const listener of this.listeners) listener();
  }
}
