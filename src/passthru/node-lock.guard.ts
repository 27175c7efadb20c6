import { Conflict } from '@ferrule/driver-kit';
import { type CanActivate, type ExecutionContext, Injectable, Logger } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { PassthruNodes } from '../nodes/passthru-nodes.js';
import { type PassthruNode } from '../nodes/node.js';
import { type Reservation } from '../reservations/reservation.js';
import { ReservationsService } from '../reservations/reservations.service.js';
import { callOf, type PassthruCall } from './passthru-call.js';

/**
 * Takes the node's exclusive lock for methods that need it. A guard has no "after": a reservation that
 * nobody claimed is released when the response closes, be it that a later step failed or that the client
 * hung up.
 */
@Injectable()
export class NodeLockGuard implements CanActivate {
  private readonly logger = new Logger(NodeLockGuard.name);

  constructor(
    private readonly reservations: ReservationsService,
    private readonly nodes: PassthruNodes,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const call = callOf(http.getRequest<Request>());
    if (!call.method.isExclusive || !call.target.node) return true;
    const reservation = await this.reservations.acquire(call.target.node, `request:${call.requestId}`);
    this.releaseUnclaimed(reservation, http.getResponse<Response>());
    call.reservation = reservation;
    if (reservation.nodeUpdatedAt !== call.target.node.updatedAt)
      await this.lookAgain(call, call.target.node);
    return true;
  }

  private releaseUnclaimed(reservation: Reservation, response: Response): void {
    const release = () => {
      if (!reservation.isUnclaimed) return;
      this.reservations.release(reservation).catch((error: unknown) => {
        this.logger.error(
          `The lock on node ${reservation.node.uuid} could not be released: ${String(error)}`,
        );
      });
    };
    if (response.closed) release();
    else response.once('close', release);
  }

  /** The node was changed while its lock was waited for: the call works on what it is now. */
  private async lookAgain(call: PassthruCall, before: PassthruNode): Promise<void> {
    const node = await this.nodes.getByUuid(before.uuid);
    if (node.driver !== before.driver || node.vendorInterface !== before.vendorInterface) {
      throw new Conflict(`Node ${node.uuid} was given another vendor interface meanwhile; please retry.`);
    }
    await call.driver.validateNode(node);
    call.target = { scope: 'node', node };
  }
}
