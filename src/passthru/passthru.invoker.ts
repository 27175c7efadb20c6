import { Injectable } from '@nestjs/common';
import { MethodRunner } from '../drivers/execution/method-runner.js';
import { type MethodRun } from '../drivers/execution/method-run.js';
import { PassthruNodes } from '../nodes/passthru-nodes.js';
import { redactor, secretsOf } from '../secrets/redact.js';
import { type Reservation } from '../reservations/reservation.js';
import { ReservationsService } from '../reservations/reservations.service.js';
import { JobAcceptance } from './job-acceptance.js';
import { type Outcome } from './outcome.js';
import { type PassthruCall } from './passthru-call.js';

@Injectable()
export class PassthruInvoker {
  constructor(
    private readonly runner: MethodRunner,
    private readonly acceptance: JobAcceptance,
    private readonly reservations: ReservationsService,
    private readonly nodes: PassthruNodes,
  ) {}

  async invoke(call: PassthruCall): Promise<Outcome> {
    if (call.method.isAsync) return { jobId: call.jobId ?? (await this.acceptance.accept(call)) };
    // From here on, a client that disconnects does not release the lock.
    call.reservation?.claim();
    return this.run(call);
  }

  private async run(call: PassthruCall): Promise<Outcome> {
    let run: MethodRun;
    try {
      run = this.start(call);
    } catch (error) {
      if (call.reservation) await this.reservations.release(call.reservation);
      throw error;
    }
    const released = call.reservation && this.releaseAfter(run, call.reservation);
    try {
      const result = await run.answer;
      if (call.target.node) await this.nodes.clearError(call.target.node);
      return result;
    } finally {
      // The lock is released before the answer is sent, unless an aborted method is still running.
      if (!run.isAborted) await released;
    }
  }

  private start(call: PassthruCall): MethodRun {
    const { driver, vendorInterface, method, httpMethod, requestId, args, reservation, target } = call;
    return this.runner.run({
      method,
      vendorInterface,
      driver: driver.name,
      httpMethod,
      requestId,
      args,
      node: target.node,
      access: this.nodes.accessFor(target.node, reservation),
      stop: reservation?.lost,
      redact: redactor(() => secretsOf(target.node, method.secretArguments, call.rawArgs)),
    });
  }

  /** Until the method has ended or was abandoned; the caller may have been answered before. */
  private async releaseAfter(run: MethodRun, reservation: Reservation): Promise<void> {
    await run.ended.catch(() => {});
    await this.reservations.release(reservation);
  }
}
