import { channel } from 'node:diagnostics_channel';

/**
 * How a request to a BMC ended. `rejected`: the BMC answered with an error. `aborted`: its call ended first. After
 * `timeout` and `unreachable` there was no answer.
 */
export type BmcOutcome = 'ok' | 'rejected' | 'timeout' | 'unreachable' | 'aborted';

/** One request to a BMC, for the metrics and traces of the service. */
export interface BmcRequest {
  /** For example `redfish`. */
  readonly protocol: string;
  /** The maker as one of a few names in lower case, such as `dell`; never the BMC's own text. */
  readonly vendor: string;
  /** A verb or command out of a few, such as `GET` or `chassis power`. */
  readonly operation: string;
  readonly outcome: BmcOutcome;
  /** From sending it to the end of its answer. */
  readonly milliseconds: number;
  /** Where it was sent, without credentials. Only for traces, as are `resource` and `status`. */
  readonly address: string;
  /** What it was about, such as a path without its query. */
  readonly resource?: string | undefined;
  /** The BMC's own number for the outcome. */
  readonly status?: number | undefined;
}

/** What a driver holds at the BMCs of one vendor. */
export interface BmcState {
  readonly protocol: string;
  /** As in `BmcRequest`. */
  readonly vendor: string;
  /** Open sessions. */
  readonly sessions: number;
  /** BMCs to which requests, or a credential, are held back after failures. */
  readonly heldBack: number;
}

type StateReader = () => Iterable<BmcState>;

/** Published values are of the type `BmcRequest`. */
export const BMC_REQUEST_CHANNEL = 'ferrule:bmc:request';

const REQUESTS = channel(BMC_REQUEST_CHANNEL);

// In the global symbol registry, because a driver package may bring its own copy of the kit.
const READERS = Symbol.for('ferrule.bmc-states');
const shared = globalThis as typeof globalThis & { [READERS]?: Set<StateReader> };

/**
 * Tells the service of a request to a BMC, when it ended: `/metrics` counts it by protocol, vendor and outcome, and a trace
 * has a span for it if this is called in the course of the call that sent it. Costs nothing if nobody wants to know.
 */
export function reportBmcRequest(request: BmcRequest): void {
  if (REQUESTS.hasSubscribers) REQUESTS.publish(request);
}

/**
 * Lets the service ask what a driver holds at BMCs, at each scrape of `/metrics`. States of the same protocol and
 * vendor are added up.
 *
 * @returns what ends it, for `onApplicationShutdown`.
 */
export function provideBmcStates(read: StateReader): () => void {
  const readers = (shared[READERS] ??= new Set());
  readers.add(read);
  return () => void readers.delete(read);
}

/** What all drivers of the process hold. @internal */
export function bmcStates(): BmcState[] {
  return [...(shared[READERS] ?? [])].flatMap((read) => [...read()]);
}

/** @returns what ends it. @internal */
export function onBmcRequest(listener: (request: BmcRequest) => void): () => void {
  const tell = (message: unknown): void => listener(message as BmcRequest);
  REQUESTS.subscribe(tell);
  return () => void REQUESTS.unsubscribe(tell);
}
