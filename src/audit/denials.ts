import { type FerruleError } from '@ferrule/driver-kit';
import { Injectable } from '@nestjs/common';
import { type Request } from 'express';
import { denialOf } from '../auth/policy/denial.js';
import { identityOf } from '../auth/request-identity.js';
import { wantsProblem } from '../http/request.js';
import { AuditLog } from './audit-log.js';

/** Records each request that the policy refused, also if the client has left. */
@Injectable()
export class Denials {
  constructor(private readonly audit: AuditLog) {}

  readonly observe = (request: Request, failure: FerruleError): void => {
    const denial = denialOf(failure);
    if (!denial) return;
    const { decision, target, given } = denial;
    const { action, rule } = decision;
    this.audit.denied(
      { action, ...target, ...identityOf(request) },
      { arguments: given, rule, status: wantsProblem(request) ? failure.problemStatus : failure.status },
    );
  };
}
