import { randomUUID } from 'node:crypto';
import { type HttpMethod } from '@ferrule/driver-kit';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { type Caller } from '../auth/caller.js';
import { PROCESS, type ProcessDescription } from '../conductors/process-description.js';
import { Roster } from '../conductors/roster/roster.js';
import { Conductor } from '../conductors/conductor.js';
import { Coalescer } from '../database/coalescer.js';
import { Database } from '../database/database.js';
import { FOREIGN_KEY_VIOLATION, sqlStateOf, UNIQUE_VIOLATION } from '../database/faults/error-code.js';
import { isTransient } from '../database/faults/is-transient.js';
import { type Acceptance, accept, type NewJobRow } from '../database/transitions/accept.js';
import { type AuditRow } from '../database/transitions/audited.js';
import { type Operation } from '../drivers/operation.js';
import { NoFreeConductorWorker } from '../lifecycle/errors.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { JobMetrics } from '../metrics/job.metrics.js';
import { SecretsAtRest } from '../secrets/at-rest/secrets-at-rest.js';
import { spans } from '../tracing/spans.js';
import { type Stop } from '../waiting/stop.js';
import { JobWatch } from './following/job-watch.js';
import { jobLine, jobText } from './record/job.js';
import { CallBurst } from './queue/call-burst.js';
import { JobFeeder } from './queue/job.feeder.js';

export interface NewJob {
  /** Chosen by the caller or kept with a key; without it a new one. */
  readonly id?: string | undefined;
  readonly driver: string;
  readonly operation: Operation;
  readonly httpMethod: HttpMethod;
  readonly node: {
    readonly id: string;
    readonly uuid: string;
    readonly updatedAt: string | null;
    readonly conductorGroup: string;
  } | null;
  readonly isExclusive: boolean;
  /** In the line for the node's lock; undefined outside it. */
  readonly place?: string | undefined;
  readonly args: Record<string, unknown>;
  /** Without secrets. */
  readonly shownArgs: unknown;
  readonly requestId: string;
  readonly caller: Caller;
  /** Id of its fleet call. */
  readonly fleetCall?: string | undefined;
  /** Written with the job. */
  readonly record?: AuditRow | undefined;
}

export type Accepted =
  | { readonly acceptance: 'accepted'; readonly id: string }
  | { readonly acceptance: Exclude<Acceptance, 'accepted'> };

@Injectable()
export class JobsService {
  private readonly logger = new Logger(JobsService.name);
  private readonly acceptances = new Coalescer<NewJobRow, Acceptance>({
    work: (jobs) => this.acceptAll(jobs),
    keyOf: (job) => (job.token === null ? job.id : (job.node_id ?? job.id)),
    aloneAfter: (error) => !isTransient(error),
  });

  constructor(
    private readonly database: Database,
    private readonly feeder: JobFeeder,
    private readonly burst: CallBurst,
    private readonly lifecycle: Lifecycle,
    private readonly conductor: Conductor,
    private readonly metrics: JobMetrics,
    private readonly secrets: SecretsAtRest,
    private readonly roster: Roster,
    @Inject(PROCESS) private readonly own: ProcessDescription,
    private readonly watch: JobWatch,
  ) {}

  /**
   * Writes the job and its record, and takes the lock that it needs in the job's name.
   * @param stop ends the waiting for a batch; it has no effect once the job was sent to the database.
   * @throws NoFreeConductorWorker, AuditUnavailable (503): nothing was written.
   */
  async accept(job: NewJob, stop?: Stop): Promise<Accepted> {
    this.lifecycle.refuseWhenDraining();
    if (this.feeder.isAway) {
      throw new NoFreeConductorWorker('The job queue does not answer');
    }
    const { id = randomUUID() } = job;
    const acceptance = await this.acceptances.run(
      rowOf(id, job, this.groupOf(job), this.secrets.sealedArguments(id, job.args)),
      stop,
    );
    if (acceptance !== 'accepted') return { acceptance };
    this.metrics.accepted();
    this.logger.log(
      jobLine(`Job ${id} accepted: ${textOf(job)}.`, { ...job, id, nodeUuid: job.node?.uuid ?? null }),
    );
    return { acceptance, id };
  }

  /** A job without a node is for any conductor that has the driver, of this process's group if there is one. */
  private groupOf({ driver, node }: NewJob): string {
    if (node) return node.conductorGroup;
    const groups = this.roster.all.filter((each) => each.driver === driver).map(({ group }) => group);
    return groups.includes(this.own.group) ? this.own.group : (groups[0] ?? this.own.group);
  }

  private async acceptAll(jobs: readonly NewJobRow[]): Promise<Acceptance[]> {
    this.burst.accepted(jobs.length);
    const acceptances = await this.write(jobs);
    const accepted = jobs.filter((_, place) => acceptances[place] === 'accepted');
    this.feeder.offer(accepted.map(({ id, driver, conductor_group: group = '' }) => ({ id, driver, group })));
    this.watch.changed();
    return acceptances;
  }

  private async write(jobs: readonly NewJobRow[]): Promise<Acceptance[]> {
    try {
      return await accept(this.database.hot, jobs, this.conductor);
    } catch (error) {
      // Of several jobs, each is then written alone.
      const state = jobs.length === 1 ? sqlStateOf(error) : undefined;
      // A node was deleted while the statement ran.
      if (state === FOREIGN_KEY_VIOLATION) return ['gone'];
      if (state === UNIQUE_VIOLATION) return ['taken'];
      throw error;
    }
  }
}

function rowOf(id: string, job: NewJob, group: string, args: NewJobRow['args']): NewJobRow {
  return {
    id,
    driver: job.driver,
    conductor_group: group,
    kind: job.operation.kind,
    vendor_interface: job.operation.interface,
    method: job.operation.name,
    http_method: job.httpMethod,
    request_id: job.requestId,
    caller: job.caller,
    trace: spans.traceparent,
    args,
    shown_args: job.shownArgs,
    node_id: job.node?.id ?? null,
    node_uuid: job.node?.uuid ?? null,
    node_updated_at: job.node?.updatedAt ?? null,
    token: job.isExclusive && job.node ? randomUUID() : null,
    fleet_call: job.fleetCall,
    place: job.place,
    record: job.record,
  };
}

function textOf({ node, caller, ...job }: NewJob): string {
  return jobText({ ...job, nodeUuid: node?.uuid ?? null, caller });
}
