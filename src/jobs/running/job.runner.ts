import { FerruleError, JobCancelled, OutcomeUnknown } from '@ferrule/driver-kit';
import { Injectable, Logger } from '@nestjs/common';
import { DriverRegistry } from '../../drivers/driver.registry.js';
import { type MethodRun } from '../../drivers/execution/method-run.js';
import { isFailure, stackOf } from '../../drivers/execution/method-failure.js';
import { MethodAbandoned, MethodTimeout, ServiceStopping } from '../../drivers/execution/method-errors.js';
import { MethodRunner } from '../../drivers/execution/method-runner.js';
import { type PassthruMethod } from '../../drivers/methods/passthru-method.js';
import { type DriverInterface } from '../../drivers/methods/driver-interface.js';
import { JobMetrics } from '../../metrics/job.metrics.js';
import { LockMetrics } from '../../metrics/lock.metrics.js';
import { NoFreeConductorWorker } from '../../lifecycle/errors.js';
import { interfaceNameOf } from '../../nodes/record/passthru-node.js';
import { PassthruNodes } from '../../nodes/record/passthru-nodes.js';
import { type Redact, redactor, secretsOf } from '../../secrets/redact.js';
import { spans } from '../../tracing/spans.js';
import { CANCELLED_BEFORE, type JobError, jobLine, jobText, operationError } from '../record/job.js';
import { type EndState } from '../../database/job-state.js';
import { JobFeeder } from '../queue/job.feeder.js';
import { type AdoptedJob } from './job.adopter.js';
import { type Ending, JobRecorder } from './job.recorder.js';
import { ProgressWriter } from './progress.writer.js';
import { JobEndedElsewhere, JobLeaseLost, RunningJobs } from './running-jobs.js';

interface RunEnd {
  readonly ending: Ending;
  readonly isLogged: boolean;
}

@Injectable()
export class JobRunner {
  private readonly logger = new Logger(JobRunner.name);

  constructor(
    private readonly jobs: RunningJobs,
    private readonly nodes: PassthruNodes,
    private readonly drivers: DriverRegistry,
    private readonly runner: MethodRunner,
    private readonly progress: ProgressWriter,
    private readonly recorder: JobRecorder,
    private readonly feeder: JobFeeder,
    private readonly metrics: JobMetrics,
    private readonly locks: LockMetrics,
  ) {}

  /**
   * Once the method was called, the job stays known until its outcome is recorded or its life is over, so that it is
   * never run again.
   */
  run(job: AdoptedJob): Promise<void> {
    const { id, driver, operation, nodeUuid, requestId, trace } = job;
    const attributes = {
      'ferrule.job.id': id,
      'ferrule.driver': driver,
      'ferrule.method': operation.name,
      'ferrule.request_id': requestId,
      ...(nodeUuid !== null && { 'ferrule.node': nodeUuid }),
    };
    return spans.job(trace, { name: `job ${operation.name}`, attributes }, () => this.runJob(job));
  }

  private async runJob(job: AdoptedJob): Promise<void> {
    const { stop } = job;
    // The lease may have ended before the answer to the adoption arrived.
    const end = job.life.isOver
      ? 'not-begun'
      : await this.execute(job).catch((error: unknown) => this.broken(job, error));
    if (end === 'not-begun') {
      await this.giveBack(job).finally(() => this.jobs.drop(job.id, stop));
      return;
    }
    let isRecorded: boolean;
    try {
      isRecorded = await this.recorder.record(job, end.ending);
    } catch (error) {
      if (job.life.isOver) this.jobs.drop(job.id, stop);
      throw error;
    }
    this.jobs.drop(job.id, stop);
    if (!isRecorded) return;
    this.count(job, end);
    this.tell(job, end);
  }

  private async giveBack(job: AdoptedJob): Promise<void> {
    await this.recorder.giveBack(job);
    this.logger.log(jobLine(`Job ${job.id} was returned to the queue.`, job));
    this.feeder.offer([job]);
  }

  private async execute(job: AdoptedJob): Promise<RunEnd | 'not-begun'> {
    const { name } = job.operation;
    let method: PassthruMethod | undefined;
    const redact = redactor(() => secretsOf(job.node, method?.secretArguments ?? [], job.args));
    let run: MethodRun;
    if (job.isCancelled || job.stop.reason instanceof JobCancelled)
      return { ending: CANCELLED_BEFORE, isLogged: false };
    try {
      const refusal = refusalOf(job);
      if (refusal) return { ending: { state: 'refused', error: refusal }, isLogged: false };
      const vendorInterface = this.drivers
        .get(job.driver)
        .interface(job.operation.kind, job.operation.interface);
      method = vendorInterface.get(job.node ? 'node' : 'driver', name);
      run = this.start(job, vendorInterface, method, redact);
    } catch (error) {
      if (error instanceof NoFreeConductorWorker) return 'not-begun';
      const isLogged = !FerruleError.is(error);
      if (isLogged)
        this.logger.error(
          jobLine(`Job ${job.id} failed before its method was called`, job),
          stackOf(error, redact),
        );
      return { ending: failure(job, 'failed', errorOf(error, 'before', redact)), isLogged };
    }
    this.metrics.started(performance.now() - job.acceptedAt);
    this.logger.log(jobLine(`Job ${job.id} started: ${jobText(job)}.`, job));
    try {
      const result = await run.ended;
      const [json, attachment] = 'attachment' in result ? ['null', result.attachment] : [result.json, null];
      return { ending: { state: 'succeeded', json, attachment }, isLogged: false };
    } catch (error) {
      const told = run.doubt ?? error;
      const ending = failure(job, stateAfter(told), errorOf(told, 'after', redact));
      return { ending, isLogged: told === error && isFailure(error) };
    }
  }

  private broken(job: AdoptedJob, error: unknown): RunEnd {
    const { id, node, args } = job;
    // The method, which knows the secret arguments, may be what failed.
    const redact = redactor(() => secretsOf(node, Object.keys(args), args));
    this.logger.error(jobLine(`An error of the service ended job ${id}`, job), stackOf(error, redact));
    const message = 'The conductor failed while it ran the method; its outcome is unknown.';
    return {
      ending: failure(job, 'outcome-unknown', { code: 'InternalError', message }),
      isLogged: false,
    };
  }

  private start(
    job: AdoptedJob,
    vendorInterface: DriverInterface,
    method: PassthruMethod,
    redact: Redact,
  ): MethodRun {
    return this.runner.run({
      mode: 'async',
      operation: job.operation,
      method,
      vendorInterface,
      driver: job.driver,
      httpMethod: job.httpMethod,
      requestId: job.requestId,
      job: job.id,
      caller: job.caller,
      args: method.parse(job.args),
      node: job.node,
      access: this.nodes.accessFor(job.node, job.lock),
      stop: job.stop,
      onProgress: (report) => this.progress.report(job, report, redact),
      redact,
    });
  }

  private count({ lock, acceptedAt }: AdoptedJob, { ending: { state } }: RunEnd): void {
    this.metrics.ended(state);
    spans.note({ 'ferrule.job.state': state });
    if (lock) this.locks.held('job', performance.now() - acceptedAt);
  }

  private tell(job: AdoptedJob, { ending, isLogged }: RunEnd): void {
    const line = `Job ${job.id} ${ending.state}: ${jobText(job)}`;
    if (ending.state === 'succeeded') this.logger.log(jobLine(`${line}.`, job));
    else this.logger.warn(jobLine(isLogged ? `${line}.` : `${line}: ${ending.error.message}`, job));
  }
}

/** The node may have changed since the job was accepted. */
function refusalOf({
  nodeUuid,
  node,
  driver,
  group,
  operation,
  unreadable,
}: AdoptedJob): JobError | undefined {
  if (unreadable) return { code: unreadable.code, message: unreadable.message };
  if (nodeUuid === null) return undefined;
  if (!node) return { code: 'NodeNotFound', message: `Node ${nodeUuid} could not be found.` };
  const isSame =
    node.driver === driver &&
    interfaceNameOf(node, operation.kind) === operation.interface &&
    node.conductorGroup === group;
  if (isSame) return undefined;
  return {
    code: 'NodeChanged',
    message: `Node ${nodeUuid} was given another driver, ${operation.kind} interface or conductor group after the call was accepted.`,
  };
}

type Failure = Exclude<EndState, 'succeeded' | 'refused'>;

function failure({ operation, args }: AdoptedJob, state: Failure, error: JobError): Ending {
  return { state, error, lastError: operationError(operation, args, error.message) };
}

/** Unknown are the effects of a method that did not stop, that the service stopped, or that says so itself. */
function stateAfter(error: unknown): Failure {
  if (error instanceof MethodTimeout) return 'timed-out';
  // Not one that the method threw by itself, which is a copy.
  if (error instanceof JobCancelled) return 'cancelled';
  if (OutcomeUnknown.is(error)) return 'outcome-unknown';
  const isInDoubt = [MethodAbandoned, ServiceStopping, JobLeaseLost, JobEndedElsewhere].some(
    (kind) => error instanceof kind,
  );
  return isInDoubt ? 'outcome-unknown' : 'failed';
}

function errorOf(error: unknown, when: 'before' | 'after', redact: Redact): JobError {
  if (FerruleError.is(error)) return { code: error.code, message: redact(error.message) };
  return { code: 'InternalError', message: `The conductor failed ${when} the method was called.` };
}
