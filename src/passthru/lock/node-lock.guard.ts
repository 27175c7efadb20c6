import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { originOf } from '../../auth/origin.js';
import { spans } from '../../tracing/spans.js';
import { Stop } from '../../waiting/stop.js';
import { type LockWait, ReservationsService } from '../../reservations/reservations.service.js';
import { JobAcceptance } from './job-acceptance.js';
import { NodeRenewal } from './node-renewal.js';
import { callOf } from '../call/call-of.js';
import { ClientGone } from '../../http/client-gone.js';
import { type PassthruCall } from '../call/passthru-call.js';

const WAITING = 'it waited for the lock';

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

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const http = context.switchToHttp();
    const call = callOf(http.getRequest<Request>());
    if (!call.method.isExclusive) return true;
    return call.record.before(() => this.lock(call, http.getResponse<Response>())).then(() => true);
  }

  private async lock(call: PassthruCall, response: Response): Promise<void> {
    if (response.closed) throw new ClientGone(WAITING);
    if (call.wait?.isPreference) response.setHeader('Preference-Applied', `wait=${call.wait.seconds}`);
    const waiting = new Stop();
    response.once('close', () => this.letGo(call, waiting));
    const name = call.method.isAsync ? 'accept job' : 'lock node';
    const attributes = { 'ferrule.node': call.target.node?.uuid };
    const line = call.wait && { seconds: call.wait.seconds, origin: originOf(response.req) };
    await spans.step({ name, attributes }, () => this.take(call, { stop: waiting, line }));
  }

  private async take(call: PassthruCall, wait: LockWait): Promise<void> {
    if (call.method.isAsync) call.jobId = await this.acceptance.accept(call, wait);
    else await this.reserve(call, wait);
  }

  private async reserve(call: PassthruCall, wait: LockWait): Promise<void> {
    const { target, requestId, caller, record } = call;
    const { node } = target;
    if (!node) return;
    const use = {
      purpose: `request:${requestId}`,
      caller: caller.name,
      record: record.beginning,
      onTaken: () => record.begun(),
    };
    call.reservation = await this.reservations.acquire(node, use, wait);
    if (call.reservation.nodeUpdatedAt !== node.updatedAt) await this.renewal.renew(call);
    // The client disconnected meanwhile, and the lock was released.
    if (!call.reservation.isUnclaimed) throw new ClientGone(WAITING);
  }

  private letGo({ reservation, jobId }: PassthruCall, waiting: Stop): void {
    if (reservation?.isUnclaimed) void this.reservations.release(reservation);
    else if (!reservation && jobId === undefined) waiting.abort(new ClientGone(WAITING));
  }
}
