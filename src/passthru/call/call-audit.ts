import { MASK } from '@ferrule/driver-kit';
import { type AuditSubject } from '../../audit/audit-record.js';
import { maskValue } from '../../secrets/masking.js';
import { redactor, secretsOf } from '../../secrets/redact.js';
import { type PassthruCall } from './passthru-call.js';

export function subjectOf({
  requestId,
  caller,
  target,
  driver,
  vendorInterface,
  method,
  httpMethod,
}: PassthruCall): AuditSubject {
  return {
    requestId,
    caller,
    action: `baremetal:${target.scope}:vendor_passthru`,
    node: target.node?.uuid ?? null,
    driver: driver.name,
    vendorInterface: vendorInterface.name,
    method: method.name,
    httpMethod,
  };
}

/** Without secret arguments, values under secret keys, and secrets of the node in texts. */
export function shownArguments({ rawArgs, method, target }: PassthruCall): unknown {
  const entries = Object.entries(rawArgs);
  if (entries.length === 0) return undefined;
  const { secretArguments } = method;
  const shown = entries.map(
    ([name, value]) => [name, secretArguments.includes(name) ? MASK : value] as const,
  );
  return maskValue(
    Object.fromEntries(shown),
    redactor(() => secretsOf(target.node, secretArguments, rawArgs)),
  );
}
