import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { newRecord } from './audit-record.js';
import { AuditRepository } from './audit.repository.js';
import { SWITCH } from './switches.js';

/** Nobody's request: an operator set FERRULE_AUDIT. */
const SUBJECT = { action: SWITCH, caller: null };

/**
 * Records each start of a process without the audit, and the first one with it again, since records are missing between
 * them.
 */
@Injectable()
export class AuditSwitch implements OnApplicationBootstrap {
  constructor(
    private readonly repository: AuditRepository,
    @Inject(CONFIG) private readonly config: Pick<Config, 'audit'>,
  ) {}

  /** Before the process answers requests. */
  async onApplicationBootstrap(): Promise<void> {
    const missingSince = this.config.audit ? await this.repository.offSince() : undefined;
    if (!this.config.audit) await this.repository.append([newRecord('off', SUBJECT, {})]);
    if (missingSince !== undefined) {
      await this.repository.append([newRecord('on', SUBJECT, { missingSince })]);
    }
  }
}
