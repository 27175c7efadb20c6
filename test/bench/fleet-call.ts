import { type FleetDocument, makeFleetCall, readFleetCall } from '../support/fleet.js';
import { makeNodes } from './bench-nodes.js';
import { type ServiceSubject } from './subject.js';

export const FLEET_CALL_NODES = 10_000;
const PARALLELISM = 500;

/** A fleet call on all nodes of a service; its times are in milliseconds. */
export interface FleetCallTimes {
  readonly nodes: number;
  readonly parallelism: number;
  readonly created: number;
  readonly ended: number;
  /** Nodes that did not succeed; none is expected. */
  readonly others: number;
}

/** @param nodes the service must have none yet. */
export async function measureFleetCall(subject: ServiceSubject, nodes: number): Promise<FleetCallTimes> {
  await makeNodes(subject, nodes);
  await subject.database.analyzeNodes();
  const body = { method: 'report_progress', filter: {}, parallelism: PARALLELISM, stop_after: null };
  const begin = performance.now();
  const path = await makeFleetCall(subject.http, { ...body, args: { steps: 1 } });
  const created = performance.now() - begin;
  let document: FleetDocument;
  do document = await readFleetCall(subject.http, `${path}?wait=60`);
  while (document.ended_at === null);
  const ended = performance.now() - begin;
  const { succeeded = 0 } = document.counts;
  return { nodes, parallelism: PARALLELISM, created, ended, others: nodes - succeeded };
}
