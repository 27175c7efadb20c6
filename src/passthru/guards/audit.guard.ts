import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { type Request } from 'express';
import { AuditLog } from '../../audit/audit-log.js';
import { callOf } from '../call/call-of.js';
import { isRead, openRecord } from '../call/call-audit.js';

/**
 * A call that may change something is recorded before the hardware is touched: with its lock or its job if it gets one, else
 * here. The lock guard and the invoker record the outcome.
 */
@Injectable()
export class AuditGuard implements CanActivate {
  constructor(private readonly audit: AuditLog) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const call = callOf(context.switchToHttp().getRequest<Request>());
    const { method, record } = call;
    openRecord(call, this.audit);
    if (isRead(method) || method.isAsync || method.isExclusive) return true;
    return this.audit.begin(record.beginning).then(() => {
      record.begun();
      return true;
    });
  }
}
