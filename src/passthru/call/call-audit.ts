import { isJsonObject, MASK, type TaskNode } from '@ferrule/driver-kit';
import { type Action } from '../../auth/policy/defaults/actions.js';
import { type ActionTarget } from '../../auth/policy/action-target.js';
import { type AuditSubject } from '../../audit/audit-record.js';
import { type Maskable } from '../../secrets/maskable.js';
import { maskBelowSecretKeys } from '../../secrets/masking.js';
import { redactor, secretsOf } from '../../secrets/redact.js';
import { type AuditLog } from '../../audit/audit-log.js';
import { operationAction, passthruAction } from '../../drivers/operation.js';
import { type PassthruCall } from './passthru-call.js';

type Behaviour = Pick<PassthruCall['method'], 'isAsync' | 'isExclusive' | 'effect'>;

export function targetOf(call: PassthruCall): ActionTarget {
  const { target, driver, vendorInterface, operation, method, httpMethod } = call;
  return {
    node: target.node?.uuid ?? null,
    driver: driver.name,
    ...(operation.kind === 'vendor' && { vendorInterface: vendorInterface.name }),
    method: method.name,
    httpMethod,
  };
}

export function subjectOf(call: PassthruCall): AuditSubject {
  const { requestId, caller, remoteAddress } = call;
  const action = actionOf(call);
  return { requestId, caller, remoteAddress, action, ...targetOf(call) };
}

/** The permission that the call needs. */
export function actionOf({ operation, target }: PassthruCall): Action {
  return operation.kind === 'vendor' ? passthruAction(target.scope) : operationAction(operation);
}

/** @throws AuditUnavailable */
export function openRecord(call: PassthruCall, audit: AuditLog): void {
  const details = { arguments: maskableArguments(call), rule: call.decision?.rule ?? null };
  call.record.open(audit, subjectOf(call), details);
}

/** A method that declares another effect changes something by every verb. */
export function isRead({ isAsync, isExclusive, effect }: Behaviour): boolean {
  return !isAsync && !isExclusive && effect === 'read';
}

interface Given extends Pick<PassthruCall, 'rawArgs'> {
  readonly method: Pick<PassthruCall['method'], 'secretArguments'>;
  readonly target: { readonly node: TaskNode | null };
}

/**
 * Without the values of secret arguments, values under secret keys, and secrets of the node in texts. Secret arguments keep
 * the names of their members, which rules of the policy are about.
 */
export function maskableArguments({ rawArgs, method, target }: Given): Maskable | undefined {
  if (Object.keys(rawArgs).length === 0) return undefined;
  const { secretArguments } = method;
  // The audit and the job both show it.
  let shown: unknown;
  const masked = () =>
    (shown ??= maskBelowSecretKeys(
      Object.fromEntries(
        Object.entries(rawArgs).map(([name, value]) => [
          name,
          secretArguments.includes(name) ? maskedValues(value) : value,
        ]),
      ),
      redactor(() => secretsOf(target.node, secretArguments, rawArgs)),
    ));
  return { value: rawArgs, masked };
}

/** Only booleans are shown. */
function maskedValues(value: unknown): unknown {
  if (typeof value === 'boolean') return value;
  if (!isJsonObject(value)) return MASK;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, maskedValues(member)]));
}
