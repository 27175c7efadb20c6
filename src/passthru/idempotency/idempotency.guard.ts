import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { AuditLog } from '../../audit/audit-log.js';
import { originOf } from '../../auth/origin.js';
import { clientOf } from '../../http/client-gone.js';
import { Links } from '../../http/links.js';
import { openRecord } from '../call/call-audit.js';
import { callOf } from '../call/call-of.js';
import { type PassthruCall } from '../call/passthru-call.js';
import { GuardAnswer } from '../call/guard-answer.js';
import { acceptedAnswer, REPLAYED } from '../call/outcome.js';
import { HeldKey } from '../call/held-key.js';
import { IdempotencyKeys } from './idempotency-keys.js';

/** After the policy, which decides about each repeat, and before the lock, which the first call may hold. */
@Injectable()
export class IdempotencyGuard implements CanActivate {
  constructor(
    private readonly keys: IdempotencyKeys,
    private readonly audit: AuditLog,
    private readonly links: Links,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const http = context.switchToHttp();
    const call = callOf(http.getRequest<Request>());
    if (call.idempotencyKey === undefined) return true;
    return this.take(call, call.idempotencyKey, http.getResponse<Response>());
  }

  private async take(call: PassthruCall, key: string, response: Response): Promise<boolean> {
    const gone = clientOf(response, 'it waited for the first call with its key');
    const taken = await this.keys.take(call, key, gone, originOf(response.req));
    if (taken instanceof HeldKey) {
      call.heldKey = taken;
      return true;
    }
    const { req } = response;
    const answer = 'jobId' in taken ? acceptedAnswer(req, this.links.base(req), taken.jobId) : taken;
    openRecord(call, this.audit);
    const job = 'jobId' in taken ? { job: taken.jobId } : {};
    call.record.succeeded({ status: answer.status, ...job, notRun: 'replayed' });
    throw new GuardAnswer({ ...answer, headers: { ...answer.headers, [REPLAYED]: 'true' } });
  }
}
