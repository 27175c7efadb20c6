import { type DriverCall } from '@ferrule/driver-kit/host';
import { membersOf } from '../../logging/request-line.js';

/** Of log lines about a call of a driver's code. */
export function callMembers({ requestId, caller, callerId, job, node }: DriverCall): Record<string, string> {
  const uuid = node === undefined ? null : { uuid: node };
  const known = { name: caller ?? null, id: callerId ?? null };
  return membersOf({ requestId, caller: known, job, node: uuid });
}
