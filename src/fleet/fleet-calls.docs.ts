import { z } from 'zod';
import { flag, oneOf, pageLimit, parameter, seconds, text, uuid } from '../http/query/parameter.js';
import { type ListingDoc } from '../openapi/listing.js';
import { FLEET_CALL_STATES, FleetCallNotFound } from './fleet-call.js';
import { FleetCallView, FleetNodeView } from './fleet-call.view.js';
import { FLEET_NODE_STATES } from './fleet-node.js';

const ID = '5c3f0d9e-2a41-4c8b-9f57-6d1e0b7a8c32';
const MOST_SECONDS = 60;

const EXAMPLE: FleetCallView = {
  id: ID,
  state: 'running',
  reason: null,
  method: 'report_progress',
  http_method: 'POST',
  filter: { driver: 'fake-hardware', shard: 'east' },
  nodes: 400,
  canary: 5,
  parallelism: 50,
  stop_after: '5%',
  lock_wait: 600,
  counts: { waiting: 320, started: 50, succeeded: 29, failed: 1 },
  request_id: 'req-5d7c6f0a-31d5-4a0e-8a53-4e1d7b0a9c11',
  caller: 'ops',
  cancel_requested_by: null,
  created_at: '2026-03-01T08:15:30.123456+00:00',
  ended_at: null,
  links: [
    { href: `http://127.0.0.1:6385/v1/fleet_calls/${ID}`, rel: 'self' },
    { href: `http://127.0.0.1:6385/fleet_calls/${ID}`, rel: 'bookmark' },
  ],
};

const limit = (of: string) =>
  parameter(pageLimit().optional(), {
    since: 1,
    description: `Maximum number of ${of} on a page; at most FERRULE_MAX_LIMIT.`,
    example: '20',
    default: 1000,
  });

export const FLEET_CALLS_QUERY = z.object({
  state: parameter(oneOf(FLEET_CALL_STATES).optional(), {
    since: 1,
    description: 'Only fleet calls in this state, for example `running`. Without it: in any.',
  }),
  caller: parameter(text().optional(), {
    since: 1,
    description: 'Only fleet calls of callers with this name, for example `ops`. Without it: of all.',
  }),
  limit: limit('fleet calls'),
  marker: parameter(uuid().optional(), {
    since: 1,
    description: 'Id of the last fleet call on the previous page. Without it: the first page.',
  }),
});

export const FLEET_CALLS_LISTING: ListingDoc = {
  tag: 'fleet calls',
  summary: 'List fleet calls',
  description:
    'Calls of one method on many nodes, newest first. A caller that may make some, but not see those of others, gets its own.',
  query: FLEET_CALLS_QUERY,
  notFound: new FleetCallNotFound(ID),
  response: z.object({ fleet_calls: z.array(FleetCallView), next: z.string().optional() }),
  example: { fleet_calls: [EXAMPLE] },
};

export const FLEET_NODES_QUERY = z.object({
  state: parameter(oneOf(FLEET_NODE_STATES).optional(), {
    since: 1,
    description: 'Only nodes in this state, for example `failed`. Without it: in any.',
  }),
  limit: limit('nodes'),
  marker: parameter(uuid().optional(), {
    since: 1,
    description: 'UUID of the last node on the previous page. Without it: the first page.',
  }),
});

export const FLEET_NODES_LISTING: ListingDoc = {
  tag: 'fleet calls',
  summary: 'List the nodes of a fleet call',
  description:
    'In the order in which they have their turn; of a fleet call of another caller, the nodes that one may see. `GET /v1/jobs?fleet_call=` lists its jobs.',
  path: [{ name: 'id', description: 'Id of a fleet call. A new service has none.', example: ID }],
  query: FLEET_NODES_QUERY,
  notFound: new FleetCallNotFound(ID),
  response: z.object({ nodes: z.array(FleetNodeView), next: z.string().optional() }),
  example: {
    nodes: [
      {
        node: '3f0c1b1e-7a52-4f0e-9d38-0a7c4d5e6f10',
        state: 'failed',
        job: '8b0a7c2e-95c1-4d0e-a3f1-1f4f6a0c7d21',
        error: { code: 'RedfishError', message: 'The BMC did not answer.' },
      },
    ],
  },
};

export const CREATION_QUERY = z.object({ dry_run: parameter(flag().default(false), { since: 1 }) });

export const FLEET_CALL_QUERY = z.object({
  wait: parameter(seconds(MOST_SECONDS).default(0), { since: 1 }),
});
