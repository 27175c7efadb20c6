import { setTimeout as delay } from 'node:timers/promises';
import { type Attachment, FerruleError } from '@ferrule/driver-kit';
import { Injectable, Logger } from '@nestjs/common';
import { isTransient } from '../database/is-transient.js';
import { DriverRegistry } from '../drivers/driver.registry.js';
import { MethodRunner, ServiceDraining, ServiceStopping } from '../drivers/execution/method-runner.js';
import { MethodAbandoned, type MethodRun } from '../drivers/execution/run-method.js';
import { PassthruNodes } from '../nodes/passthru-nodes.js';
import { redactor, secretsOf } from '../secrets/redact.js';
import { type EndState, type JobError } from './job.js';
import { JobLeaseLost, JobLeases } from './job-leases.js';
import { JobProgress } from './job-progress.js';
import { type AdoptedJob, type Ending, JobRepository } from './job.repository.js';

/** Ironic's limit for what `last_error` keeps. */
const LAST_ERROR_LENGTH = 4096;

/** Milliseconds between two tries to record how a job ended, while the database does not answer. */
const RECORD_INTERVAL = 1_000;

type Outcome =
  | { readonly state: 'given-back' }
  | { readonly state: 'succeeded'; readonly json: string; readonly attachment: Attachment | null }
  | { readonly state: Exclude<EndState, 'succeeded'>; readonly error: JobError };

type Ended = Exclude<Outcome, { readonly state: 'given-back' }>;

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
      if (outcome.state === 'given-back') await this.jobs.giveBack(id);
      else await this.record(job, outcome, progress.last, stop);
    } finally {
      this.leases.drop(id);
    }
  }

  private async outcome(job: AdoptedJob, stop: AbortSignal, progress: JobProgress): Promise<Outcome> {
    let run: MethodRun;
    try {
      run = await this.start(job, stop, progress);
    } catch (error) {
      if (error instanceof ServiceDraining) return { state: 'given-back' };
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
      access: this.nodes.accessFor(node, job.lock),
      stop,
      onProgress: (report) => progress.report(report),
      redact: redactor(() => secretsOf(node, method.secretArguments, job.args)),
    });
  }

  private async record(
    job: AdoptedJob,
    outcome: Ended,
    progress: string | null,
    stop: AbortSignal,
  ): Promise<void> {
    const attachment = outcome.state === 'succeeded' ? outcome.attachment : null;
    const failure = outcome.state === 'succeeded' ? null : outcome.error;
    const ending: Ending = {
      state: outcome.state,
      result: outcome.state === 'succeeded' ? outcome.json : null,
      error: failure,
      progress,
      lastError: failure && lastError(job.method, failure.message),
      attachment: attachment && {
        contentType: attachment.contentType,
        filename: attachment.filename ?? null,
        body: Buffer.from(attachment.bytes),
      },
    };
    const isRecorded = await this.finish(job.id, ending, stop);
    if (!isRecorded) this.logger.warn(`Job ${job.id} was taken away before its end could be recorded.`);
    if (failure)
      this.logger.warn(`Job ${job.id} (${job.driver} ${job.method}) ${outcome.state}: ${failure.message}`);
  }

  /** What a method did is known only here: a database that is away for a moment must not make it unknown. */
  private async finish(id: string, ending: Ending, stop: AbortSignal): Promise<boolean> {
    for (;;) {
      try {
        return await this.jobs.finish(id, ending);
      } catch (error) {
        if (!isTransient(error)) return this.jobs.finish(id, unstorable(ending));
        if (stop.aborted || this.runner.isDraining) throw error;
        this.logger.warn(`The end of job ${id} could not be recorded yet: ${String(error)}`);
        await delay(RECORD_INTERVAL);
      }
    }
  }

  private async store(id: string, progress: string): Promise<void> {
    try {
      await this.jobs.progress(id, progress);
    } catch (error) {
      this.logger.warn(`The progress of job ${id} could not be stored: ${String(error)}`);
    }
  }
}

/** As Ironic words it; PostgreSQL has no NUL in its texts. */
function lastError(method: string, message: string): string {
  const text = `Async execution of ${method} failed with error: ${message}`;
  return text.slice(0, LAST_ERROR_LENGTH).replaceAll('\0', '\uFFFD');
}

/** What the database refuses to keep, an enormous result for example, must not leave the job running for ever. */
function unstorable({ progress, lastError: noted }: Ending): Ending {
  const error = { code: 'ResultNotStored', message: 'The method ended, but its result could not be stored.' };
  return { state: 'outcome-unknown', result: null, error, progress, lastError: noted, attachment: null };
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
