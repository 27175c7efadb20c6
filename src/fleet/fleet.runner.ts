import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Conductor } from '../conductors/conductor.js';
import { PROCESS, type ProcessDescription } from '../conductors/process-description.js';
import { Notifications } from '../database/notifications/notifications.js';
import { JobCancellation } from '../jobs/job.cancellation.js';
import { JobRepository } from '../jobs/job.repository.js';
import { JobWatch } from '../jobs/following/job-watch.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { reasonOf } from '../logging/reason-of.js';
import { throttled } from '../logging/throttled.js';
import { Periodic } from '../waiting/periodic.js';
import { type OpenFleetCall } from './fleet-call.js';
import { FleetChildren } from './fleet-children.js';
import { type DriveHost, FleetDrive } from './fleet-drive.js';
import { type Charge, FleetRunRepository } from './fleet-run.repository.js';

export const CHANNEL = 'ferrule_fleet_calls';
/** Without a message, which may be lost; and for fleet calls of processes that are gone. */
const LOOK_MS = 2_000;
const COMPLAINT_INTERVAL = 5_000;

/** Drives the fleet calls that this process began, and takes over those of processes that are gone. */
@Injectable()
export class FleetRunner implements OnApplicationShutdown {
  private readonly logger = new Logger(FleetRunner.name);
  private readonly warn = throttled((message) => this.logger.warn(message), COMPLAINT_INTERVAL);
  private readonly drives = new Map<string, FleetDrive>();
  private readonly running = new Set<Promise<void>>();
  private readonly looks: Periodic;
  /** Ends the following of changes, which needs a session of its own. */
  private unfollow: (() => void) | undefined;

  constructor(
    private readonly repository: FleetRunRepository,
    private readonly children: FleetChildren,
    private readonly cancellation: JobCancellation,
    private readonly jobs: JobRepository,
    private readonly watch: JobWatch,
    private readonly conductor: Conductor,
    private readonly notifications: Notifications,
    private readonly lifecycle: Lifecycle,
    @Inject(PROCESS) private readonly own: ProcessDescription,
  ) {
    this.looks = new Periodic(
      () => LOOK_MS,
      () => this.look(),
      (error) => this.warn(`The search for fleet calls failed: ${reasonOf(error)}`),
    );
    lifecycle.onServing(() => this.looks.start());
    lifecycle.onDrain(() => void this.leaveAll());
    conductor.onLost(() => this.letGo());
  }

  async onApplicationShutdown(): Promise<void> {
    await this.looks.stop();
    await this.leaveAll();
  }

  /** Tells the process that drives it, after a commit, that it has changed. */
  changed(): void {
    this.notifications.notify(CHANNEL);
    void this.looks.run();
  }

  private letGo(): void {
    for (const drive of this.drives.values()) drive.leave();
  }

  /** For another process to go on, after the jobs that are being accepted. */
  private async leaveAll(): Promise<void> {
    this.letGo();
    await Promise.all(this.running);
    if (!this.conductor.hasLease) return;
    await this.repository.release(this.conductor.life.id).catch((error: unknown) => {
      this.warn(`Fleet calls could not be handed over: ${reasonOf(error)}`);
    });
    this.notifications.notify(CHANNEL);
  }

  private async look(): Promise<void> {
    if (this.lifecycle.isDraining || !this.conductor.hasLease) return;
    const { group } = this.own;
    const drivers = this.own.drivers.map(({ name }) => name);
    const charges = await this.repository.charges(this.conductor.life.id, group, drivers);
    for (const charge of charges) {
      const drive = this.drives.get(charge.id);
      if (drive) drive.observe(charge.state);
      else if (!this.lifecycle.isDraining) this.drive(charge);
    }
    // Its job may have ended without a message.
    for (const drive of this.drives.values()) drive.onChange(undefined);
  }

  private drive({ id, state }: Charge): void {
    const drive = new FleetDrive(this.hostOf(id), state);
    this.drives.set(id, drive);
    this.unfollow ??= this.follow();
    const running = drive.run().finally(() => {
      this.running.delete(running);
      this.drives.delete(id);
      if (this.drives.size > 0) return;
      this.unfollow?.();
      this.unfollow = undefined;
    });
    this.running.add(running);
  }

  private follow(): () => void {
    const unsubscribe = this.notifications.subscribe(CHANNEL, () => void this.looks.run());
    const unfollow = this.watch.follow(({ jobs }) => {
      const ended = jobs?.filter(({ hasEnded }) => hasEnded).map((job) => job.id);
      for (const each of this.drives.values()) each.onChange(ended);
    });
    return () => {
      unsubscribe();
      unfollow();
    };
  }

  private hostOf(id: string): DriveHost {
    const { repository, children, conductor, lifecycle } = this;
    return {
      read: () => repository.read(id),
      standing: (call) => repository.standing(call),
      waiting: (after, limit) => repository.waiting(id, after, limit),
      states: (jobIds) => repository.states(jobIds),
      start: (call, child, isPatient) => children.start(call, child, isPatient),
      refuse: (child, { error }) => repository.refuse(child, error),
      cancelJobs: (call, jobIds) => this.cancelJobs(call, jobIds),
      stop: (call, reason) => this.stop(call, reason),
      end: (call) => this.end(call),
      get isServing() {
        return conductor.hasLease && !lifecycle.isDraining;
      },
      onError: (error) => this.warn(`Fleet call ${id} cannot go on now: ${reasonOf(error)}`),
    };
  }

  private async cancelJobs({ requestId, caller }: OpenFleetCall, jobIds: readonly string[]): Promise<void> {
    await Promise.all(
      jobIds.map(async (jobId) => {
        const job = await this.jobs.findCalled(jobId);
        if (job) await this.cancellation.cancelPart(job, { requestId, caller });
      }),
    );
  }

  private async stop({ id }: OpenFleetCall, reason: string): Promise<void> {
    await this.repository.stop(id, reason);
    this.logger.warn(`Fleet call ${id} stops: ${reason}`);
    this.notifications.notify(CHANNEL);
  }

  private async end({ id }: OpenFleetCall): Promise<boolean> {
    const state = await this.repository.end(id);
    if (state === undefined) return false;
    this.logger.log(`Fleet call ${id} ended: ${state}.`);
    this.notifications.notify(CHANNEL);
    return true;
  }
}
