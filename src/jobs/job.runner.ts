import { type Attachment, FerruleError, type JsonObject } from '@ferrule/driver-kit';
import { Injectable, Logger } from '@nestjs/common';
import { DriverRegistry } from '../drivers/driver.registry.js';
import { MethodRunner, ServiceStopping } from '../drivers/method-runner.js';
import { type ExclusiveAccess, MethodAbandoned, type MethodRun } from '../drivers/run-method.js';
import { type PassthruNode } from '../nodes/node.js';
import { PassthruNodes } from '../nodes/passthru-nodes.js';
import { redactor, secretsOf } from '../nodes/redact.js';
import { type EndState, type JobError } from './job.js';
import { JobLeaseLost, JobLeases } from './job-leases.js';
import { JobProgress } from './job-progress.js';
import { type AdoptedJob, JobRepository } from './job.repository.js';

/** Ironic's limit for what `last_error` keeps. */
const LAST_ERROR_LENGTH = 4096;

type Outcome =
  | { readonly state: 'succeeded'; readonly json: string; readonly attachment: Attachment | null }
  | { readonly state: Exclude<EndState, 'succeeded'>; readonly error: JobError };

/** Adopts a job, runs its method and records how it ended; at most once in the life of a job. */
@Injectable()
export class JobRunner {
  private readonly logger = new Logger(JobRunner.name);

  constructor(
    private readonly jobs: JobRepository,
    private readonly leases: JobLeases,
    private readonly nodes: PassthruNodes,
    private readonly drivers: DriverRegistry,
    private readonly runner: MethodRunner,
  ) {}

  async run(id: string): Promise<void> {
    // What is not adopted stays queued, and the sweeper of the next process finds it.
    if (this.runner.isDraining) return;
    const job = await this.jobs.adopt(id);
    if (!job) {
      await this.jobs.refuse(id, {
        code: 'NodeLockLost',
        message: 'The lock that the job was given is gone.',
      });
      return;
    }
    const stop = this.leases.keep(id);
    const progress = new JobProgress((text) => this.store(id, text));
    try {
      const outcome = await this.outcome(job, stop, progress);
      await progress.settled();
      await this.record(job, outcome, progress.last);
    } finally {
      this.leases.drop(id);
    }
  }

  private async outcome(job: AdoptedJob, stop: AbortSignal, progress: JobProgress): Promise<Outcome> {
    let run: MethodRun;
    try {
      run = await this.start(job, stop, progress);
    } catch (error) {
      return { state: 'failed', error: jobError(error) };
    }
    try {
      const result = await run.ended;
      if ('attachment' in result) return { state: 'succeeded', json: 'null', attachment: result.attachment };
      return { state: 'succeeded', json: result.json, attachment: null };
    } catch (error) {
      return { state: isInDoubt(error) ? 'outcome-unknown' : 'failed', error: jobError(error) };
    }
  }

  private async start(job: AdoptedJob, stop: AbortSignal, progress: JobProgress): Promise<MethodRun> {
    const node = job.nodeUuid === null ? null : await this.nodes.getByUuid(job.nodeUuid);
    const driver = this.drivers.get(job.driver);
    const vendorInterface = driver.vendorInterface(job.vendorInterface);
    const method = vendorInterface.get(node ? 'node' : 'driver', job.method);
    return this.runner.run({
      method,
      target: vendorInterface.target,
      driver: job.driver,
      httpMethod: job.httpMethod,
      requestId: job.requestId,
      args: method.parse(job.args),
      node,
      access: accessOf(job, node, this.nodes),
      stop,
      onProgress: (report) => progress.report(report),
      redact: redactor(() => secretsOf(node, method.secretArguments, job.args)),
    });
  }

  private async record(job: AdoptedJob, outcome: Outcome, progress: string | null): Promise<void> {
    const attachment = outcome.state === 'succeeded' ? outcome.attachment : null;
    const failure = outcome.state === 'succeeded' ? null : outcome.error;
    const isRecorded = await this.jobs.finish(job.id, {
      state: outcome.state,
      result: outcome.state === 'succeeded' ? outcome.json : null,
      error: failure,
      progress,
      lastError:
        failure &&
        `Async execution of ${job.method} failed with error: ${failure.message}`.slice(0, LAST_ERROR_LENGTH),
      attachment: attachment && {
        contentType: attachment.contentType,
        filename: attachment.filename ?? null,
        body: Buffer.from(attachment.bytes),
      },
    });
    if (!isRecorded) this.logger.warn(`Job ${job.id} was taken away before its end could be recorded.`);
    if (failure)
      this.logger.warn(`Job ${job.id} (${job.driver} ${job.method}) ${outcome.state}: ${failure.message}`);
  }

  private async store(id: string, progress: string): Promise<void> {
    try {
      await this.jobs.progress(id, progress);
    } catch (error) {
      this.logger.warn(`The progress of job ${id} could not be stored: ${String(error)}`);
    }
  }
}

function accessOf(
  job: AdoptedJob,
  node: PassthruNode | null,
  nodes: PassthruNodes,
): ExclusiveAccess | undefined {
  const { lock } = job;
  if (!lock || !node) return undefined;
  return {
    fence: lock.fence,
    saveInternalInfo: (changes: JsonObject) => nodes.saveInternalInfo(node, lock.token, changes),
  };
}

/** The method was stopped from outside, or would not stop: what it did meanwhile nobody knows. */
function isInDoubt(error: unknown): boolean {
  return (
    error instanceof MethodAbandoned || error instanceof ServiceStopping || error instanceof JobLeaseLost
  );
}

function jobError(error: unknown): JobError {
  if (FerruleError.is(error)) return { code: error.code, message: error.message };
  return { code: 'InternalError', message: 'The conductor failed before the method was called.' };
}
