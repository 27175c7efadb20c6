import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Conductor } from '../../conductors/conductor.js';
import { PROCESS, type ProcessDescription } from '../../conductors/process-description.js';
import { Notifications } from '../../database/notifications/notifications.js';
import { JobCancellation } from '../../jobs/job-cancellation.js';
import { JobRepository } from '../../jobs/record/job.repository.js';
import { JobWatch } from '../../jobs/following/job-watch.js';
import { Lifecycle } from '../../lifecycle/lifecycle.js';
import { reasonOf } from '../../logging/reason-of.js';
import { throttled } from '../../logging/throttled.js';
import { FleetMetrics } from '../../metrics/fleet.metrics.js';
import { Periodic } from '../../waiting/periodic.js';
import { CHANNEL, type OpenFleetCall } from '../fleet-call.js';
import { FleetCallRepository, type RunFleetCall } from '../fleet-call.repository.js';
import { FleetNodeRepository } from '../fleet-node.repository.js';
import { NodeCalls } from '../node-calls.js';
import { FleetRun } from './fleet-run.js';
import { type RunHost } from './run-host.js';

/** Without a message, which may be lost; and for fleet calls of processes that are gone. */
const LOOK_MS = 2_000;
const COMPLAINT_INTERVAL = 5_000;

/** Runs the fleet calls that this process began, and takes over those of processes that are gone. */
@Injectable()
export class FleetRunner implements OnApplicationShutdown {
  private readonly logger = new Logger(FleetRunner.name);
  private readonly warn = throttled((message) => this.logger.warn(message), COMPLAINT_INTERVAL);
  private readonly runs = new Map<string, FleetRun>();
  private readonly running = new Set<Promise<void>>();
  private readonly looks: Periodic;
  /** Ends the following of changes, which needs a session of its own. */
  private unfollow: (() => void) | undefined;

  constructor(
    private readonly calls: FleetCallRepository,
    private readonly nodes: FleetNodeRepository,
    private readonly nodeCalls: NodeCalls,
    private readonly cancellation: JobCancellation,
    private readonly jobs: JobRepository,
    private readonly watch: JobWatch,
    private readonly conductor: Conductor,
    private readonly notifications: Notifications,
    private readonly lifecycle: Lifecycle,
    private readonly metrics: FleetMetrics,
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

  /** Tells the process that runs it, after a commit, that it has changed. */
  changed(): void {
    this.notifications.notify(CHANNEL);
    void this.looks.run();
  }

  private letGo(): void {
    for (const run of this.runs.values()) run.leave();
  }

  /** For another process to go on, after the jobs that are being accepted. */
  private async leaveAll(): Promise<void> {
    this.letGo();
    await Promise.all(this.running);
    if (!this.conductor.hasLease) return;
    await this.calls.release(this.conductor.life.id).catch((error: unknown) => {
      this.warn(`Fleet calls could not be handed over: ${reasonOf(error)}`);
    });
    this.notifications.notify(CHANNEL);
  }

  private async look(): Promise<void> {
    if (this.lifecycle.isDraining || !this.conductor.hasLease) return;
    const { group } = this.own;
    const drivers = this.own.drivers.map(({ name }) => name);
    const found = await this.calls.run({ conductorId: this.conductor.life.id, group, drivers });
    for (const call of found) {
      const run = this.runs.get(call.id);
      if (run) run.observe(call.state);
      else if (!this.lifecycle.isDraining) this.run(call);
    }
    // Their jobs may have ended without a message.
    for (const run of this.runs.values()) run.onChange(undefined);
  }

  private run({ id, state }: RunFleetCall): void {
    const run = new FleetRun(this.hostOf(id), state);
    this.runs.set(id, run);
    this.unfollow ??= this.follow();
    const running = run.run().finally(() => {
      this.running.delete(running);
      this.runs.delete(id);
      if (this.runs.size > 0) return;
      this.unfollow?.();
      this.unfollow = undefined;
    });
    this.running.add(running);
  }

  private follow(): () => void {
    const unsubscribe = this.notifications.subscribe(CHANNEL, () => void this.looks.run());
    const unfollow = this.watch.follow(({ jobs }) => {
      const ended = jobs?.filter(({ hasEnded }) => hasEnded).map((job) => job.id);
      for (const run of this.runs.values()) run.onChange(ended);
    });
    return () => {
      unsubscribe();
      unfollow();
    };
  }

  private hostOf(id: string): RunHost {
    const { calls, nodes, nodeCalls, conductor, lifecycle } = this;
    return {
      read: () => calls.read(id, conductor.life.id),
      progress: (call) => nodes.progress(call),
      waiting: (after, limit) => nodes.waiting(id, after, limit),
      states: (jobIds) => nodes.states(jobIds),
      attempt: (call, node, mayWait) => nodeCalls.attempt(call, node, mayWait),
      refuse: (node, error) => nodes.refuse(node, error),
      cancelJobs: (call, jobIds) => this.cancelJobs(call, jobIds),
      stop: (reason) => this.stop(id, reason),
      skip: (limit) => nodes.skip(id, limit),
      end: () => this.end(id),
      release: () => this.release(id),
      isServed: (served) => nodeCalls.isServed(served),
      get isServing() {
        return conductor.hasLease && !lifecycle.isDraining;
      },
      onError: (error) => this.warn(`Fleet call ${id} cannot go on now: ${reasonOf(error)}`),
    };
  }

  private async cancelJobs({ id, requestId }: OpenFleetCall, jobIds: readonly string[]): Promise<void> {
    const by = await this.calls.cancelledBy(id);
    await Promise.all(
      jobIds.map(async (jobId) => {
        const job = await this.jobs.findCalled(jobId);
        if (job) await this.cancellation.cancelOfFleetCall(job, { requestId, by });
      }),
    );
  }

  private async stop(id: string, reason: string): Promise<void> {
    await this.calls.stop(id, reason);
    this.logger.warn(`Fleet call ${id} stops: ${reason}`);
    this.notifications.notify(CHANNEL);
  }

  private async end(id: string): Promise<boolean> {
    const ended = await this.calls.end(id);
    if (!ended) return false;
    this.logger.log(`Fleet call ${id} ended: ${ended.state}.`);
    this.metrics.ended(ended.state, ended.counts);
    this.notifications.notify(CHANNEL);
    return true;
  }

  private async release(id: string): Promise<void> {
    await this.calls.release(this.conductor.life.id, id);
    this.logger.log(`Fleet call ${id} waits for a process that serves its other nodes.`);
    this.notifications.notify(CHANNEL);
  }
}
