import { FerruleError } from '@ferrule/driver-kit';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { type Reservation } from '../reservations/reservation.js';
import { ReservationsService } from '../reservations/reservations.service.js';
import { JobAcceptance } from './job-acceptance.js';
import { NodeRenewal } from './node-renewal.js';
import { callOf, type PassthruCall } from './passthru-call.js';

/**
 * A synchronous call gets a reservation, an asynchronous one a job that holds the lock. A guard cannot clean up after
 * the handler, so an unclaimed reservation is released when the response closes.
 */
@Injectable()
export class NodeLockGuard implements CanActivate {
  constructor(
    private readonly reservations: ReservationsService,
    private readonly acceptance: JobAcceptance,
    private readonly renewal: NodeRenewal,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const call = callOf(http.getRequest<Request>());
    if (!call.method.isExclusive) return true;
    const response = http.getResponse<Response>();
    if (!call.method.isAsync) await this.reserve(call, response);
    else call.jobId = await untilHangUp(response, (signal) => this.acceptance.accept(call, signal));
    return true;
  }

  private async reserve(call: PassthruCall, response: Response): Promise<void> {
    const { node } = call.target;
    if (!node) return;
    const reservation = await untilHangUp(response, (signal) =>
      this.reservations.acquire(node, `request:${call.requestId}`, signal),
    );
    this.releaseUnclaimed(reservation, response);
    call.reservation = reservation;
    if (reservation.nodeUpdatedAt !== node.updatedAt) await this.renewal.renew(call);
  }

  private releaseUnclaimed(reservation: Reservation, response: Response): void {
    const release = () => {
      if (reservation.isUnclaimed) void this.reservations.release(reservation);
    };
    if (response.closed) release();
    else response.once('close', release);
  }
}

/** The answer is never read. */
class ClientGone extends FerruleError {
  readonly code = 'ClientGone';
  readonly status = 400;
  constructor() {
    super('The client disconnected while it waited for the lock.');
  }
}

async function untilHangUp<T>(response: Response, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const hangUp = (): void => controller.abort(new ClientGone());
  response.once('close', hangUp);
  try {
    return await work(controller.signal);
  } finally {
    response.off('close', hangUp);
  }
}
