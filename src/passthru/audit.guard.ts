import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { type Request } from 'express';
import { AuditLog } from '../audit/audit-log.js';
import { callOf } from './call/call-of.js';
import { isRead, maskableArguments, subjectOf } from './call/call-audit.js';

/**
 * A call that may change something is recorded before the hardware is touched: an asynchronous one before its job
 * exists; a synchronous one while it takes its lock, and the invoker waits for both. A call that only reads is recorded
 * after it. The lock guard and the invoker record the outcome.
 */
@Injectable()
export class AuditGuard implements CanActivate {
  constructor(private readonly audit: AuditLog) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const call = callOf(context.switchToHttp().getRequest<Request>());
    const subject = subjectOf(call);
    const details = { arguments: maskableArguments(call), rule: call.decision?.rule ?? null };
    if (isRead(call.method)) {
      call.record.read(this.audit, subject, details);
      return true;
    }
    call.record.change(this.audit, subject, details);
    return call.method.isAsync ? call.record.begun.then(() => true) : true;
  }
}
