import { Injectable, Logger } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.js';
import { type RequestIdentity } from '../auth/request-identity.js';
import { Conductor } from '../conductors/conductor.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { requestLine } from '../logging/request-line.js';
import { SecretsAtRest } from '../secrets/at-rest/secrets-at-rest.js';
import { counted } from '../text/counted.js';
import { CONTROL, FleetAccess } from './fleet-access.js';
import { FleetCallConflict, FleetCallNotFound } from './fleet-call.js';
import { FleetCallRepository } from './fleet-call.repository.js';
import { type StoredFleetCall } from './fleet-call-row.js';
import { type FleetPlan } from './making/fleet-plans.js';
import { FleetRunner } from './running/fleet.runner.js';

/** Makes, pauses, resumes and cancels fleet calls. */
@Injectable()
export class FleetCalls {
  private readonly logger = new Logger(FleetCalls.name);

  constructor(
    private readonly repository: FleetCallRepository,
    private readonly access: FleetAccess,
    private readonly runner: FleetRunner,
    private readonly audit: AuditLog,
    private readonly secrets: SecretsAtRest,
    private readonly conductor: Conductor,
    private readonly lifecycle: Lifecycle,
  ) {}

  /** @throws FleetCallIdTaken (409), AuditUnavailable, LeaseUnsure (503) */
  async create({ body, by, nodes, subject, details }: FleetPlan): Promise<string> {
    this.lifecycle.refuseWhenDraining();
    const { id, args, requestId, caller, remoteAddress } = by;
    const { asked, stopAfter } = body;
    await this.audit.change(subject, details, 202, () =>
      this.repository.create({
        id,
        method: body.method,
        http_method: body.httpMethod,
        args: this.secrets.sealedArguments(id, args),
        filter: 'given' in asked ? asked.given : null,
        nodes: nodes.map(({ uuid }) => uuid),
        canary: body.canary,
        parallelism: body.parallelism,
        stop_failures: typeof stopAfter === 'number' ? stopAfter : null,
        stop_percent: typeof stopAfter === 'string' ? Number.parseInt(stopAfter, 10) : null,
        lock_wait: body.lockWait,
        request_id: requestId,
        caller,
        remote_address: remoteAddress ?? null,
        conductor_id: this.conductor.life.id,
      }),
    );
    const line = `Fleet call ${id} accepted: ${by.method} on ${counted(nodes.length, 'node')}.`;
    this.logger.log(requestLine(line, { requestId, caller }));
    this.runner.changed();
    return id;
  }

  /** Also if it is so already. @throws FleetCallConflict (409), AuditUnavailable (503) */
  async move(call: StoredFleetCall, to: 'running' | 'paused', identity: RequestIdentity): Promise<void> {
    const decision = this.access.assertControl(call, identity.caller);
    const from = to === 'paused' ? 'running' : 'paused';
    const what = to === 'paused' ? 'paused' : 'resumed';
    if (call.state === to) return;
    if (call.state !== from) throw new FleetCallConflict(call.id, call.state, what);
    await this.change(call, identity, decision.rule, 200, what, () => this.repository.move(call.id, to));
  }

  /** @returns the HTTP status. @throws FleetCallConflict (409), AuditUnavailable (503) */
  async cancel(call: StoredFleetCall, identity: RequestIdentity): Promise<200 | 202> {
    const decision = this.access.assertControl(call, identity.caller);
    if (call.state === 'cancelled') return 200;
    if (call.state === 'cancelling') return 202;
    if (call.endedAt !== null) throw new FleetCallConflict(call.id, call.state, 'cancelled');
    const { name } = identity.caller;
    await this.change(call, identity, decision.rule, 202, 'cancelled', () =>
      this.repository.cancel(call.id, name),
    );
    return 202;
  }

  /** @param work tells whether its state was still such that it could be done. */
  private async change(
    { id, method, httpMethod }: StoredFleetCall,
    identity: RequestIdentity,
    rule: string | null,
    status: number,
    what: string,
    work: () => Promise<boolean>,
  ): Promise<void> {
    const subject = { ...identity, action: CONTROL, fleetCall: id, method, httpMethod };
    await this.audit.change(subject, { rule }, status, async () => {
      if (await work()) return;
      const found = await this.repository.find(id);
      if (!found) throw new FleetCallNotFound(id);
      throw new FleetCallConflict(id, found.state, what);
    });
    const { requestId, caller } = identity;
    this.logger.log(requestLine(`Fleet call ${id} is ${what}.`, { requestId, caller }));
    this.runner.changed();
  }
}
