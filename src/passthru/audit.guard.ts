import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { AuditLog } from '../audit/audit-log.js';
import { Recording } from '../audit/recording.js';
import { callOf } from './call/call-of.js';
import { subjectOf, maskableArguments } from './call/call-audit.js';
import { type PassthruCall } from './call/passthru-call.js';

/**
 * A call that may change something is recorded before the hardware is touched: an asynchronous one before its job
 * exists; a synchronous one while it takes its lock, and the invoker waits for both. A call that only reads is recorded
 * after it.
 */
@Injectable()
export class AuditGuard implements CanActivate {
  constructor(private readonly audit: AuditLog) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const call = callOf(http.getRequest<Request>());
    const response = http.getResponse<Response>();
    const subject = subjectOf(call);
    const rule = call.decision?.rule ?? null;
    if (isRead(call)) {
      this.audit.assertWritable();
      call.recording = new Recording(this.audit, 'call', subject, () => ({
        arguments: maskableArguments(call),
        rule,
      }));
    } else {
      call.recorded = this.audit.begin(subject, { arguments: maskableArguments(call), rule });
      call.recording = new Recording(this.audit, 'end', subject);
      // What has no beginning gets no end; whoever awaits `recorded` gets the error.
      call.recorded.catch(() => (call.recording = undefined));
      if (call.method.isAsync) await call.recorded;
    }
    // A call that was refused by a later guard, or for its lock.
    response.once('close', () => {
      if (!call.isBegun) call.recording?.record({ status: response.statusCode });
    });
    return true;
  }
}

function isRead({ method, httpMethod }: PassthruCall): boolean {
  return !method.isAsync && !method.isExclusive && (httpMethod === 'GET' || method.effect === 'read');
}
