import { z } from 'zod';
import { type ListingDoc, type ParameterDoc } from '../../openapi/listing.js';
import { NODE_FIELD_NAMES, nodeField, type NodeFieldName } from '../fields/node-fields.js';
import { LIST_PARAMETERS } from '../list/node-list.request.js';
import { FAULTS, PROVISION_STATES } from '../fields/provision-states.js';

const Links = z.array(z.object({ href: z.string(), rel: z.string() }));
const LINKS = new Set<NodeFieldName>(['links', 'ports', 'states', 'portgroups', 'volume']);
const OBJECTS = new Set<NodeFieldName>([
  'driver_internal_info',
  'clean_step',
  'deploy_step',
  'service_step',
  'raid_config',
  'target_raid_config',
]);
const TIMES = /_at$/;
const DESCRIPTIONS: Partial<Record<NodeFieldName, string>> = {
  driver_info: 'How to reach the BMC; secrets are masked.',
  driver_internal_info: 'What the driver noted; secrets are masked.',
  instance_info: 'Secrets are masked.',
  reservation: 'The host that holds the exclusive lock.',
  conductor: 'The host that serves the node.',
  last_error: 'What the latest failed asynchronous call failed with.',
};

const Node = z.object(
  Object.fromEntries(NODE_FIELD_NAMES.map((name) => [name, fieldSchema(name).optional()])),
);

function fieldSchema(name: NodeFieldName): z.ZodType {
  const { since } = nodeField(name);
  const description = [DESCRIPTIONS[name], since > 1 ? `Since 1.${since}.` : ''].filter(Boolean).join(' ');
  const schema = typeSchema(name);
  return description === '' ? schema : schema.describe(description);
}

function typeSchema(name: NodeFieldName): z.ZodType {
  const { type, empty, cleared } = nodeField(name);
  if (LINKS.has(name)) return Links;
  if (name === 'traits') return z.array(z.string());
  if (type === 'object' || OBJECTS.has(name)) return z.record(z.string(), z.unknown());
  if (type === 'boolean') return empty === null || cleared === null ? z.boolean().nullable() : z.boolean();
  if (name === 'uuid') return z.uuid();
  if (type === 'interface') return z.string().nullable();
  if (name === 'driver') return z.string();
  return TIMES.test(name) ? z.iso.datetime({ offset: true }).nullable() : z.string().nullable();
}

const BOOLEANS = new Set(['associated', 'maintenance', 'retired', 'sharded', 'include_children', 'detail']);
const ENUMS: Readonly<Record<string, readonly string[]>> = {
  provision_state: [...PROVISION_STATES],
  fault: [...FAULTS],
  sort_dir: ['asc', 'desc'],
};
const PARAMETER_DESCRIPTIONS: Readonly<Record<string, string>> = {
  associated: 'Nodes with an instance, or those without.',
  instance_uuid: 'The node of that instance.',
  conductor: 'Nodes that this host serves.',
  description_contains: 'A part of the description.',
  project: 'Nodes of which the project is the owner or the lessee.',
  shard: 'A comma list; nodes in any of the shards.',
  sharded: 'Nodes with a shard, or those without.',
  parent_node: 'Children of that node, by UUID or name.',
  include_children: 'Also nodes that have a parent.',
  detail: 'All fields of each node.',
  fields: 'A comma list of the fields to return; their links come along.',
  limit: 'The most nodes of a page.',
  marker: 'UUID of the last node of the page before.',
  sort_key: 'The field to sort by; without it the order of creation.',
};

function parameter(name: string): ParameterDoc {
  const values = ENUMS[name];
  const type = name === 'limit' ? 'integer' : BOOLEANS.has(name) ? 'boolean' : 'string';
  return {
    name,
    description: PARAMETER_DESCRIPTIONS[name] ?? `Nodes with that ${name}.`,
    schema: values ? { type, enum: values } : { type },
  };
}

const UUID = '3f0c1b1e-7a52-4f0e-9d38-0a7c4d5e6f10';

/** `GET /v1/nodes` as the OpenAPI document has it. */
export const NODES_LISTING: ListingDoc = {
  tag: 'nodes',
  summary: 'List nodes',
  description: 'A page of nodes. Filters are combined; `next` links to the page that follows a full one.',
  query: Object.keys(LIST_PARAMETERS).map(parameter),
  response: z.object({ nodes: z.array(Node), next: z.string().optional() }),
  example: {
    nodes: [
      {
        uuid: UUID,
        name: 'rack7-u12',
        instance_uuid: null,
        maintenance: false,
        power_state: null,
        provision_state: 'enroll',
        links: [
          { href: `http://127.0.0.1:6385/v1/nodes/${UUID}`, rel: 'self' },
          { href: `http://127.0.0.1:6385/nodes/${UUID}`, rel: 'bookmark' },
        ],
      },
    ],
  },
};
