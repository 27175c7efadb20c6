import { Conflict } from '@ferrule/driver-kit';
import { Injectable } from '@nestjs/common';
import { keptArguments } from '../../audit/kept-arguments.js';
import { JobRepository } from '../../jobs/record/job.repository.js';
import { JobsService } from '../../jobs/jobs.service.js';
import { type Stop } from '../../waiting/stop.js';
import { NodeNotFound } from '../../nodes/errors.js';
import { type LockWait, ReservationsService } from '../../reservations/reservations.service.js';
import { NodeRenewal } from './node-renewal.js';
import { type PassthruCall } from '../call/passthru-call.js';
import { JobIdTaken } from './errors.js';

/** How often the node may change meanwhile before the caller is told to retry. */
const CHANGES = 5;

@Injectable()
export class JobAcceptance {
  constructor(
    private readonly jobs: JobsService,
    private readonly repository: JobRepository,
    private readonly reservations: ReservationsService,
    private readonly renewal: NodeRenewal,
  ) {}

  /**
   * @param wait for the node's lock.
   * @throws NodeLocked, LockLineFull, JobIdTaken, Conflict (409), NodeNotFound (404), NoFreeConductorWorker,
   * AuditUnavailable (503): nothing was written.
   */
  async accept(call: PassthruCall, wait: LockWait = {}): Promise<string> {
    const { chosenJobId } = call;
    if (chosenJobId !== undefined && (await this.repository.exists(chosenJobId)))
      return ownJob(call, chosenJobId);
    const { node } = call.target;
    const attempt = (place?: string) => this.attempt(call, wait.stop, place);
    const id = node ? await this.reservations.whenFree(node, attempt, wait) : await attempt();
    if (id === undefined) throw new Error('A job without a node needed a lock.');
    return id;
  }

  /** @returns undefined if the node is held. */
  private async attempt(call: PassthruCall, stop: Stop | undefined, place: string | undefined) {
    for (let changes = 0; changes < CHANGES; changes++) {
      const accepted = await this.jobs.accept({ ...jobOf(call), place }, stop);
      if (accepted.acceptance === 'accepted') {
        call.record.begun();
        return accepted.id;
      }
      if (accepted.acceptance === 'taken') return ownJob(call, idOf(call) ?? '');
      if (accepted.acceptance === 'busy') return undefined;
      if (accepted.acceptance === 'gone') throw new NodeNotFound(call.target.node?.uuid ?? '');
      await this.renewal.renew(call);
    }
    throw new Conflict(`Node ${call.target.node?.uuid ?? ''} is being changed; please retry.`);
  }
}

/** A job of this id is there: that of another request with the same key, or of another call. @throws JobIdTaken */
async function ownJob({ heldKey }: PassthruCall, id: string): Promise<string> {
  if (await heldKey?.isAccepted()) return id;
  throw new JobIdTaken(id);
}

/** Of its job; undefined if any will do. */
function idOf({ heldKey, chosenJobId }: PassthruCall): string | undefined {
  return heldKey?.jobId ?? chosenJobId;
}

function jobOf(call: PassthruCall) {
  return {
    id: idOf(call),
    driver: call.driver.name,
    operation: call.operation,
    httpMethod: call.httpMethod,
    node: call.target.node,
    isExclusive: call.method.isExclusive,
    args: call.rawArgs,
    shownArgs: keptArguments(call.record.arguments) ?? {},
    requestId: call.requestId,
    caller: call.caller,
    fleetCall: call.fleetCall,
    record: call.record.beginning,
  };
}
