import { FerruleError } from '@ferrule/driver-kit';
import { Injectable } from '@nestjs/common';
import { type Request } from 'express';
import { AuditLog } from '../../audit/audit-log.js';
import { Forbidden } from '../../auth/policy/denial.js';
import { identityOf } from '../../auth/request-identity.js';
import { ServedElsewhere } from '../../forwarding/served-elsewhere.js';
import { clientOf } from '../../http/client-gone.js';
import { versionText } from '../../http/microversion.js';
import { type Answer } from '../../http/replies/answer.js';
import { wantsProblem } from '../../http/request.js';
import { Stop } from '../../waiting/stop.js';
import { ReservationsService } from '../../reservations/reservations.service.js';
import { type AskedCall, CallPolicy } from '../call/call-policy.js';
import { openRecord } from '../call/call-audit.js';
import { checkArguments, validate } from '../call/checks.js';
import { type PassthruCall } from '../call/passthru-call.js';
import { GuardAnswer } from '../call/guard-answer.js';
import { rehearse } from './rehearsal.js';
import { Verdicts } from './verdicts.js';

const NOT_RUN = { status: 200, notRun: 'dry_run' } as const;

/** Answers what would become of a call: with the checks of the guards, but nothing is locked, stored or changed. */
@Injectable()
export class DryRun {
  constructor(
    private readonly policy: CallPolicy,
    private readonly reservations: ReservationsService,
    private readonly audit: AuditLog,
  ) {}

  /** @throws GuardAnswer */
  async instead(request: Request, asked: AskedCall): Promise<never> {
    throw new GuardAnswer(await this.answer(request, asked));
  }

  private async answer(request: Request, asked: AskedCall): Promise<Answer> {
    const verdicts = new Verdicts();
    verdicts.passed('version', { version: versionText(request.microversion) });
    const { id, name, roles } = asked.caller;
    verdicts.passed('caller', { id, name, roles });
    const call = this.admitted(request, asked, verdicts);
    const requests = call && (await this.check(request, call, verdicts));
    const { failure } = verdicts;
    const failed = wantsProblem(request) ? failure?.problemStatus : failure?.status;
    const document = {
      would: failed ?? (call?.method.isAsync ? 202 : 200),
      verdicts: verdicts.all,
      ...(requests ? { requests } : {}),
    };
    return {
      status: 200,
      headers: { 'Content-Type': 'application/json' },
      body: Buffer.from(JSON.stringify(document)),
    };
  }

  private admitted(request: Request, asked: AskedCall, verdicts: Verdicts): PassthruCall | undefined {
    try {
      return this.policy.admitted(asked);
    } catch (error) {
      if (error instanceof ServedElsewhere) throw error;
      if (error instanceof Forbidden) this.denied(request, error, verdicts);
      else if (!FerruleError.is(error)) throw error;
      else {
        verdicts.passed('policy');
        verdicts.failed('method', error);
      }
      return undefined;
    }
  }

  /** @returns what the method would send, as far as it can tell. */
  private async check(
    request: Request,
    call: PassthruCall,
    verdicts: Verdicts,
  ): Promise<readonly unknown[] | undefined> {
    const { isAsync, isExclusive, effect } = call.method;
    verdicts.passed('method', { async: isAsync, require_exclusive_lock: isExclusive, effect });
    const hasArguments = await verdicts.check('arguments', () => checkArguments(call));
    if (!this.decide(request, call, hasArguments, verdicts)) return undefined;
    openRecord(call, this.audit);
    const isValid = hasArguments && (await verdicts.check('validate', () => validate(call)));
    await this.checkLock(call, verdicts);
    const requests =
      isValid && call.method.isRehearsable ? await this.rehearse(request, call, verdicts) : undefined;
    call.record.succeeded(NOT_RUN);
    return requests;
  }

  /** @returns whether the caller may make the call, as far as that can be told. */
  private decide(request: Request, call: PassthruCall, hasArguments: boolean, verdicts: Verdicts): boolean {
    if (!hasArguments && !call.decision) {
      verdicts.unknown('policy', 'The policy decides by the arguments, which are invalid.');
      return true;
    }
    try {
      this.policy.decide(call);
    } catch (error) {
      if (!(error instanceof Forbidden)) throw error;
      this.denied(request, error, verdicts);
      return false;
    }
    verdicts.passed('policy', { action: call.decision?.action, rule: call.decision?.rule });
    return true;
  }

  private async rehearse(
    request: Request,
    call: PassthruCall,
    verdicts: Verdicts,
  ): Promise<readonly unknown[] | undefined> {
    const gone = request.res ? clientOf(request.res, 'its dry run was made') : new Stop();
    try {
      const requests = await rehearse(call, gone);
      verdicts.passed('rehearsal');
      return requests;
    } catch (error) {
      if (!FerruleError.is(error)) throw error;
      if (call.method.isAsync) verdicts.failedLater('rehearsal', error);
      else verdicts.failed('rehearsal', error);
      return undefined;
    }
  }

  /** Does not wait. */
  private async checkLock({ method, target, wait }: PassthruCall, verdicts: Verdicts): Promise<void> {
    const { node } = target;
    if (!node || !method.isExclusive) {
      verdicts.passed('lock', { require_exclusive_lock: false });
      return;
    }
    if (await this.reservations.isFree(node)) {
      verdicts.passed('lock', { require_exclusive_lock: true });
      return;
    }
    const locked = await this.reservations.refusal(node);
    if (!wait?.seconds) verdicts.failed('lock', locked);
    else {
      const message = `${locked.message} The call would wait for it in line, for at most ${wait.seconds} s.`;
      verdicts.unknown('lock', message, { ...locked.details, code: locked.code });
    }
  }

  /** Recorded as any other denial, since whoever asks learns from it. */
  private denied(request: Request, error: Forbidden, verdicts: Verdicts): void {
    verdicts.failed('policy', error);
    const { decision, target, given } = error.denial;
    const { action, rule } = decision;
    const subject = { action, ...target, ...identityOf(request) };
    this.audit.denied(subject, { arguments: given, rule, ...NOT_RUN });
  }
}
