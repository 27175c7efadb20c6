import { type BmcOutcome, type BmcState, reportBmcRequest } from '@ferrule/driver-kit';
import { type RedfishEvent, type RedfishPool } from '@ferrule/redfish';
import { vendorName } from './vendor-name.js';

type ExchangeEvent = Extract<RedfishEvent, { kind: 'exchange' }>;

export const PROTOCOL = 'redfish';

/** For metrics and traces of the service. */
export function reportExchange(event: ExchangeEvent): void {
  const { bmc, method, path, vendor, status, milliseconds } = event;
  reportBmcRequest({
    protocol: PROTOCOL,
    vendor: vendorName(vendor),
    operation: method,
    outcome: outcomeOf(event),
    milliseconds,
    address: bmc,
    resource: path.split('?', 1)[0],
    status,
  });
}

/** One for each vendor. */
export function statesOf({ status }: Pick<RedfishPool, 'status'>): BmcState[] {
  const states = new Map<string, { sessions: number; heldBack: number }>();
  for (const { vendor, session, heldBack } of status) {
    const name = vendorName(vendor);
    const state = states.get(name) ?? { sessions: 0, heldBack: 0 };
    if (session) state.sessions += 1;
    if (heldBack) state.heldBack += 1;
    states.set(name, state);
  }
  return [...states].map(([vendor, state]) => ({ protocol: PROTOCOL, vendor, ...state }));
}

function outcomeOf({ status, failure }: ExchangeEvent): BmcOutcome {
  if (status !== undefined) return status < 400 ? 'ok' : 'rejected';
  if (failure === 'timeout') return 'timeout';
  if (failure === undefined || failure === 'closed') return 'aborted';
  // An answer that cannot be read is one.
  return failure === 'response' ? 'rejected' : 'unreachable';
}
