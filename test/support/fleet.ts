import { type HttpClient } from './http-client.js';
import { createNode } from './passthru.js';
import { until } from './until.js';

export interface FleetDocument {
  readonly id: string;
  readonly state: string;
  readonly reason: string | null;
  readonly nodes: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly filter: unknown;
  readonly caller: string | null;
  readonly cancel_requested_by: string | null;
  readonly ended_at: string | null;
  readonly failures: readonly FleetNode[];
}

export interface FleetNode {
  readonly node: string;
  readonly state: string;
  readonly job: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** Nodes of the driver of `fleet-driver.ts`, in the order of their creation. */
export async function touchedNodes(
  http: HttpClient,
  count: number,
  members: (index: number) => Record<string, unknown> = () => ({}),
): Promise<string[]> {
  const uuids: string[] = [];
  for (let index = 0; index < count; index++) {
    uuids.push(
      await createNode(http, { driver: 'touched', vendor_interface: 'touching', ...members(index) }),
    );
  }
  return uuids;
}

export async function makeFleetCall(http: HttpClient, body: object): Promise<string> {
  const answer = (await http.post('/v1/fleet_calls', body)).expect(202);
  const { id } = answer.json<FleetDocument>();
  return `/v1/fleet_calls/${id}`;
}

export async function readFleetCall(http: HttpClient, path: string): Promise<FleetDocument> {
  return (await http.get(path)).expect(200).json<FleetDocument>();
}

export async function fleetCallEnded(http: HttpClient, path: string): Promise<FleetDocument> {
  await until(async () => (await readFleetCall(http, `${path}?wait=10`)).ended_at !== null);
  return readFleetCall(http, path);
}

export async function fleetNodes(http: HttpClient, path: string): Promise<readonly FleetNode[]> {
  return (await http.get(`${path}/nodes`)).expect(200).json<{ nodes: readonly FleetNode[] }>().nodes;
}
