import { z } from 'zod';
import { linkPair } from '../http/links.js';
import { passthruAction } from '../drivers/operation.js';
import { hiddenText } from '../jobs/record/job.view.js';
import { FLEET_CALL_STATES } from './fleet-call.js';
import { type StoredFleetCall } from './fleet-call-row.js';
import { FLEET_NODE_STATES } from './fleet-node.js';
import { type StoredFleetNode } from './fleet-node.repository.js';

const Timestamp = z.string().describe('RFC 3339 in UTC with microseconds.');

export const FleetNodeView = z.object({
  node: z.string().describe('Its UUID.'),
  state: z
    .enum(FLEET_NODE_STATES)
    .describe(
      '`waiting`: its turn has not come, or others have locked it. `started`: its job has not ended. `skipped`: it got no job, since the fleet call was stopped or cancelled before. `refused`: the call could not be made; the error says why. The others are those of its job.',
    ),
  job: z.string().nullable().describe('Id of its job; null if it got none.'),
  error: z
    .object({ code: z.string(), message: z.string() })
    .nullable()
    .describe('As in the job; its message is for the same readers.'),
});
export type FleetNodeView = z.output<typeof FleetNodeView>;

export const FleetCallView = z.object({
  id: z.string(),
  state: z
    .enum(FLEET_CALL_STATES)
    .describe(
      '`stopping` and `cancelling`: no more jobs are started, and those that run have not ended. `finished`: all nodes had their turn, whatever came of it.',
    ),
  reason: z.string().nullable().describe('Why it stopped.'),
  method: z.string(),
  http_method: z.string(),
  filter: z
    .record(z.string(), z.unknown())
    .nullable()
    .describe('With which the nodes were found when it was made; null if they were listed.'),
  nodes: z.number().int().describe('How many.'),
  canary: z.number().int(),
  parallelism: z.number().int(),
  stop_after: z.union([z.number().int(), z.string()]).nullable(),
  lock_wait: z.number().int().describe('Seconds.'),
  counts: z
    .partialRecord(z.enum(FLEET_NODE_STATES), z.number().int())
    .describe(
      'All its nodes by their state, also those that the reader may not see; states of which there is none are left out.',
    ),
  request_id: z.string(),
  caller: z.string().nullable().describe('Name of the caller; null without authentication.'),
  cancel_requested_by: z.string().nullable().describe('Name of the caller that cancelled it.'),
  created_at: Timestamp,
  ended_at: Timestamp.nullable(),
  links: z.array(z.object({ href: z.string(), rel: z.string() })),
});
export type FleetCallView = z.output<typeof FleetCallView>;

export function fleetCallView(call: StoredFleetCall, base: string): FleetCallView {
  return {
    id: call.id,
    state: call.state,
    reason: call.reason,
    method: call.method,
    http_method: call.httpMethod,
    filter: call.filter,
    nodes: call.nodes,
    canary: call.canary,
    parallelism: call.parallelism,
    stop_after: call.stopAfter,
    lock_wait: call.lockWait,
    counts: call.counts,
    request_id: call.requestId,
    caller: call.caller,
    cancel_requested_by: call.cancelRequestedBy,
    created_at: call.createdAt,
    ended_at: call.endedAt,
    links: linkPair(base, `fleet_calls/${call.id}`).map(({ href, rel }) => ({ href, rel })),
  };
}

/** @param hasError whether the reader may see what its error says. */
export function fleetNodeView(
  { nodeUuid, state, jobId, error, hasJob }: StoredFleetNode,
  hasError: boolean,
): FleetNodeView {
  const shown =
    hasError || error === null ? error : { code: error.code, message: hiddenText(passthruAction('node')) };
  return { node: nodeUuid, state, job: hasJob ? jobId : null, error: shown };
}
