import { Injectable } from '@nestjs/common';
import { MethodRunner } from '../drivers/execution/method-runner.js';
import { type MethodRun } from '../drivers/execution/method-run.js';
import { PassthruNodes } from '../nodes/record/passthru-nodes.js';
import { redactor, secretsOf } from '../secrets/redact.js';
import { LostLocks } from '../reservations/lost-locks.js';
import { ReservationsService } from '../reservations/reservations.service.js';
import { JobAcceptance } from './lock/job-acceptance.js';
import { type Outcome } from './call/outcome.js';
import { type Stop } from '../waiting/stop.js';
import { isRead } from './call/call-audit.js';
import { type PassthruCall } from './call/passthru-call.js';
import { outcomeError } from './call/outcome-error.js';

@Injectable()
export class PassthruInvoker {
  constructor(
    private readonly runner: MethodRunner,
    private readonly acceptance: JobAcceptance,
    private readonly reservations: ReservationsService,
    private readonly lostLocks: LostLocks,
    private readonly nodes: PassthruNodes,
  ) {}

  /**
   * Runs the method, or accepts its job.
   * @param gone aborted when the client has disconnected: ends a method that only reads, and no other.
   */
  async invoke(call: PassthruCall, gone: Stop): Promise<Outcome> {
    if (call.method.isAsync) {
      const jobId = await call.record.before(async () => call.jobId ?? this.acceptance.accept(call));
      const isReplayed = call.heldKey?.isReplayed ?? false;
      call.record.succeeded({ status: 202, job: jobId, ...(isReplayed ? { notRun: 'replayed' } : {}) });
      return { jobId, isReplayed };
    }
    const run = await call.record.before(() => this.begin(call, gone));
    const ended = this.finish(run, call);
    // The lock is released before the answer is sent, unless an aborted method is still running.
    try {
      const outcome = await run.answer;
      await ended;
      return outcome;
    } catch (error) {
      if (!run.isAborted) await ended;
      throw outcomeError(error);
    }
  }

  private async begin(call: PassthruCall, gone: Stop): Promise<MethodRun> {
    const { reservation, heldKey } = call;
    // From here on, a client that disconnects does not release the lock.
    reservation?.claim();
    try {
      if (reservation) await this.lostLocks.lookAt(reservation);
      const stop = stopOf(call, gone);
      stop?.throwIfAborted();
      heldKey?.assertOwned();
      const run = this.start(call, stop);
      heldKey?.begin();
      return run;
    } catch (error) {
      if (reservation) await this.reservations.release(reservation);
      throw error;
    }
  }

  private start(call: PassthruCall, stop: Stop | undefined): MethodRun {
    const { driver, vendorInterface, operation, method, httpMethod, requestId, caller, args } = call;
    const { reservation, target } = call;
    return this.runner.run({
      mode: 'sync',
      operation,
      method,
      vendorInterface,
      driver: driver.name,
      httpMethod,
      requestId,
      caller,
      args,
      node: target.node,
      access: this.nodes.accessFor(target.node, reservation),
      stop,
      redact: redactor(() => secretsOf(target.node, method.secretArguments, call.rawArgs)),
    });
  }

  /** When the method has ended or was abandoned; the caller may have been answered before. Never rejects. */
  private async finish(run: MethodRun, call: PassthruCall): Promise<void> {
    const { target, operation, reservation, record, requestId, caller } = call;
    const failure = await run.ended.then(
      () => run.abortReason,
      (error: unknown) => error ?? new Error('The method threw nothing.'),
    );
    // Under the lock, so that it is not the error of a later call. Boot devices leave it, as in Ironic.
    if (failure === undefined && target.node && operation.kind === 'vendor')
      await this.nodes.clearError(target.node, reservation, { requestId, caller });
    if (reservation) await this.reservations.release(reservation);
    if (failure === undefined) record.succeeded();
    else record.failed(outcomeError(failure));
  }
}

/** A repeat with its key may ask for the answer of a call whose client has left. */
function stopOf({ method, heldKey, reservation }: PassthruCall, gone: Stop): Stop | undefined {
  if (isRead(method)) return heldKey ? undefined : gone;
  return reservation?.lost;
}
