import { type FerruleError } from '@ferrule/driver-kit';
import { Injectable } from '@nestjs/common';
import { type Request } from 'express';
import { type Denial } from '../auth/policy/denial.js';
import { identityOf } from '../auth/request-identity.js';
import { wantsProblem } from '../http/request.js';
import { AuditLog } from './audit-log.js';

/** Records each request that the policy refused, also if the client has left. */
@Injectable()
export class Denials {
  constructor(private readonly audit: AuditLog) {}

  readonly observe = (request: Request, failure: FerruleError): void => {
    if (!isDenial(failure)) return;
    const { decision, arguments: given, ...object } = failure.denial;
    const { action, rule } = decision;
    this.audit.denied(
      { ...object, ...identityOf(request), action },
      { arguments: given, rule, status: wantsProblem(request) ? failure.problemStatus : failure.status },
    );
  };
}

function isDenial(error: FerruleError): error is FerruleError & { readonly denial: Denial } {
  return 'denial' in error;
}
