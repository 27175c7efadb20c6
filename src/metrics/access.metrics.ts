import { type FerruleError } from '@ferrule/driver-kit';
import { Injectable } from '@nestjs/common';
import { type Request } from 'express';
import { Counter, Registry } from 'prom-client';
import { denialOf } from '../auth/policy/denial.js';
import { refusedBy } from '../auth/refused-by.js';

/** Requests with refused credentials, and requests that the policy denied. */
@Injectable()
export class AccessMetrics {
  private readonly refusals: Counter<'strategy' | 'status' | 'delayed'>;
  private readonly denials: Counter<'action' | 'status'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.refusals = new Counter({
      name: 'ferrule_credentials_refused_total',
      help: 'Requests whose caller is not known, by the strategy that refused its credentials (`none`: it had none) and by status. `delayed`: the answer was held back after earlier wrong attempts.',
      labelNames: ['strategy', 'status', 'delayed'],
      registers,
    });
    this.denials = new Counter({
      name: 'ferrule_policy_denials_total',
      help: 'Requests that the policy denied, by action. The status 404 is for nodes that the caller may not see.',
      labelNames: ['action', 'status'],
      registers,
    });
  }

  readonly observe = (_request: Request, error: FerruleError): void => {
    const { status } = error;
    const refused = refusedBy(error);
    if (refused) {
      const { strategy, isDelayed } = refused;
      this.refusals.inc({ strategy, status, delayed: String(isDelayed) });
    }
    const denial = denialOf(error);
    if (denial) this.denials.inc({ action: denial.decision.action, status });
  };
}
