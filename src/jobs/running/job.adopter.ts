import { FerruleError, type HttpMethod } from '@ferrule/driver-kit';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { ANYONE, type Caller, frozenCaller } from '../../auth/caller.js';
import { Conductor } from '../../conductors/conductor.js';
import { type Life } from '../../conductors/life.js';
import { CONFIG, type Config } from '../../config/config.js';
import { Coalescer } from '../../database/coalescer.js';
import { Database } from '../../database/database.js';
import { adopt, type AdoptedRow, type Adoption } from '../../database/transitions/adopt.js';
import { type Operation } from '../../drivers/operation.js';
import { JobMetrics } from '../../metrics/job.metrics.js';
import { type PassthruNode, passthruNode, type PassthruRow } from '../../nodes/record/passthru-node.js';
import { SecretsAtRest } from '../../secrets/at-rest/secrets-at-rest.js';
import { type Stop } from '../../waiting/stop.js';
import { JobWatch } from '../following/job-watch.js';
import { jobLine, operationOf } from '../record/job.js';
import { JobRepository } from '../record/job.repository.js';
import { RunningJobs } from './running-jobs.js';

export interface AdoptedJob {
  readonly id: string;
  readonly adoption: number;
  /** By `performance.now()`, as if this process had accepted it. */
  readonly acceptedAt: number;
  readonly driver: string;
  /** Its conductor group. */
  readonly group: string;
  readonly operation: Operation;
  readonly httpMethod: HttpMethod;
  readonly requestId: string;
  readonly caller: Caller;
  readonly trace: string | null;
  readonly args: Record<string, unknown>;
  readonly nodeUuid: string | null;
  /** As adopted; null for a driver-level call, or if the node was deleted. */
  readonly node: PassthruNode | null;
  /** Why the arguments and the node could not be read; the job is then refused. */
  readonly unreadable?: FerruleError;
  /** Null if the method needs no exclusive lock. */
  readonly lock: { readonly token: string; readonly fence: string } | null;
  /** Cancelling was asked for before; the method must not be called. */
  readonly isCancelled: boolean;
  readonly life: Life;
  /** Aborted when the job is cancelled, or no longer belongs to this process. */
  readonly stop: Stop;
}

@Injectable()
export class JobAdopter {
  private readonly logger = new Logger(JobAdopter.name);
  private readonly adoptions = new Coalescer<
    string,
    AdoptedJob | Exclude<Adoption<never>, AdoptedRow<never>>
  >({
    work: (ids) => this.adoptAll(ids),
    keyOf: (id) => id,
  });

  constructor(
    private readonly database: Database,
    private readonly conductor: Conductor,
    private readonly jobs: RunningJobs,
    private readonly metrics: JobMetrics,
    private readonly secrets: SecretsAtRest,
    private readonly repository: JobRepository,
    private readonly watch: JobWatch,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * The job is among the running ones until it is dropped there.
   * @returns undefined if this process must not run the job.
   * @throws if no answer came: the job is still queued, or `ForgottenJobs` returns it to the queue.
   */
  async adopt(id: string): Promise<AdoptedJob | undefined> {
    const adoption = await this.adoptions.run(id);
    if (adoption === 'lock-gone') {
      this.metrics.ended('refused');
      for (const job of await this.repository.logged([id]))
        this.logger.warn(jobLine(`Job ${id} was refused: it no longer holds its lock.`, job));
    }
    return typeof adoption === 'string' ? undefined : adoption;
  }

  private async adoptAll(ids: readonly string[]) {
    const { life, hostname } = this.conductor;
    this.jobs.ask(ids);
    try {
      const adopter = { id: life.id, hostname };
      const adoptions = await adopt<PassthruRow>(this.database.hot, ids, adopter, this.config);
      this.watch.changed();
      return adoptions.map((adoption) =>
        typeof adoption === 'string'
          ? adoption
          : {
              ...jobOf(adoption, life, this.jobs.adopted(adoption.id)),
              ...openedInput(adoption, this.secrets),
            },
      );
    } finally {
      this.jobs.answered(ids);
    }
  }
}

/** One job with secrets that cannot be decrypted must not hold back the others. */
function openedInput(
  { id, args, node }: AdoptedRow<PassthruRow>,
  secrets: SecretsAtRest,
): Pick<AdoptedJob, 'args' | 'node' | 'unreadable'> {
  try {
    return { args: secrets.openedArguments(id, args), node: node && passthruNode(node, secrets) };
  } catch (error) {
    if (!FerruleError.is(error)) throw error;
    return { args: {}, node: null, unreadable: error };
  }
}

function jobOf(
  row: AdoptedRow<PassthruRow>,
  life: Life,
  stop: Stop,
): Omit<AdoptedJob, keyof ReturnType<typeof openedInput>> {
  const { token, fence } = row;
  return {
    id: row.id,
    adoption: row.adoption,
    acceptedAt: performance.now() - row.queued_ms,
    driver: row.driver,
    group: row.conductor_group,
    operation: operationOf(row),
    httpMethod: row.http_method as HttpMethod,
    requestId: row.request_id,
    trace: row.trace,
    caller: row.caller === null ? ANYONE : frozenCaller(row.caller),
    nodeUuid: row.node_uuid,
    lock: token !== null && fence !== null ? { token, fence } : null,
    isCancelled: row.is_cancelled,
    life,
    stop,
  };
}
