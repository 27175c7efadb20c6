import { type DriverCall } from '@ferrule/driver-kit/host';
import { membersOf } from '../../logging/request-line.js';

/** Of log lines about a call of a driver's code. */
export function callMembers({ requestId, caller, job, node }: DriverCall): Record<string, string> {
  const uuid = node === undefined ? null : { uuid: node };
  return membersOf({ requestId, caller: { name: caller ?? null }, job, node: uuid });
}
