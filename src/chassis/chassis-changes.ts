import { randomUUID } from 'node:crypto';
import { isJsonObject, type JsonValue } from '@ferrule/driver-kit';
import { Injectable, Logger } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.js';
import { type Action } from '../auth/policy/defaults/actions.js';
import { Policy } from '../auth/policy/policy.js';
import { rulesOf } from '../auth/policy/rules/decision.js';
import { identityText, type RequestIdentity } from '../auth/request-identity.js';
import { requestLine } from '../logging/request-line.js';
import { givenValues } from '../resources/given-values.js';
import { type PatchOperation, readPatch } from '../resources/json-patch.js';
import { changedValues } from '../resources/patched-values.js';
import { maskableFields, maskablePatch } from '../resources/shown-patch.js';
import { type Maskable } from '../secrets/maskable.js';
import { CHASSIS_FIELDS, type ChassisField, type ChassisRow } from './chassis-fields.js';
import { ChassisRepository } from './chassis.repository.js';
import { ChassisBusy } from './errors.js';

/** How often a change is made again because somebody else was faster. */
const ATTEMPTS = 10;

interface WantedChange<T> {
  readonly action: Action;
  readonly status: number;
  readonly given?: Maskable;
  /** For the log: `was created`. */
  readonly done: string;
  readonly work: () => Promise<T>;
}

/** What a client may do to chassis. */
@Injectable()
export class ChassisChanges {
  private readonly logger = new Logger(ChassisChanges.name);

  constructor(
    private readonly repository: ChassisRepository,
    private readonly policy: Policy,
    private readonly audit: AuditLog,
  ) {}

  async create(body: JsonValue, microversion: number, identity: RequestIdentity): Promise<ChassisRow> {
    const action = 'baremetal:chassis:create';
    this.policy.assert(identity.caller, action);
    const values = givenValues(CHASSIS_FIELDS, 'A chassis', body, microversion);
    values.set('uuid', values.get('uuid') ?? randomUUID());
    const uuid = String(values.get('uuid'));
    return this.make(uuid, identity, {
      action,
      status: 201,
      ...(isJsonObject(body) ? { given: maskableFields(body) } : {}),
      done: 'was created',
      work: () => this.repository.insert(values),
    });
  }

  async patch(
    uuid: string,
    body: JsonValue,
    microversion: number,
    identity: RequestIdentity,
  ): Promise<ChassisRow> {
    const action = 'baremetal:chassis:update';
    const operations = readPatch(CHASSIS_FIELDS, body, microversion);
    this.policy.assert(identity.caller, action);
    const before = await this.repository.get(uuid);
    // A bad patch is refused before the audit records that a change begins.
    if (changedValues(CHASSIS_FIELDS, before, operations).size === 0) return before;
    return this.make(uuid, identity, {
      action,
      status: 200,
      given: maskablePatch(operations),
      done: 'was changed',
      work: () => this.write(uuid, operations),
    });
  }

  async delete(uuid: string, identity: RequestIdentity): Promise<void> {
    const action = 'baremetal:chassis:delete';
    this.policy.assert(identity.caller, action);
    await this.repository.get(uuid);
    await this.make(uuid, identity, {
      action,
      status: 204,
      done: 'was deleted',
      work: () => this.repository.delete(uuid),
    });
  }

  private async write(
    uuid: string,
    operations: readonly PatchOperation<ChassisField>[],
  ): Promise<ChassisRow> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const before = await this.repository.get(uuid);
      const changes = changedValues(CHASSIS_FIELDS, before, operations);
      if (changes.size === 0) return before;
      const written = await this.repository.update(before, changes);
      if (written) return written;
    }
    throw new ChassisBusy(uuid);
  }

  private async make<T>(
    uuid: string,
    identity: RequestIdentity,
    { action, status, given, done, work }: WantedChange<T>,
  ): Promise<T> {
    const rule = rulesOf([this.policy.assert(identity.caller, action)]);
    const subject = { ...identity, action, resource: `chassis/${uuid}` };
    const result = await this.audit.change(subject, { arguments: given, rule }, status, work);
    this.logger.log(requestLine(`Chassis ${uuid} ${done} (${identityText(identity)}).`, identity));
    return result;
  }
}
