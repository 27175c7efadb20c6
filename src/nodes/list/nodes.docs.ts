import { z } from 'zod';
import { type ListingDoc } from '../../openapi/listing.js';
import { NodeNotFound } from '../errors.js';
import { NODE_FIELD_NAMES, nodeField, type NodeFieldName } from '../fields/node-fields.js';
import { LIST_QUERY } from './node-list.query.js';

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
  driver_internal_info: 'Data that the driver stores; secrets are masked.',
  instance_info: 'Secrets are masked.',
  reservation: 'The host that holds the exclusive lock.',
  conductor: 'The host that serves the node.',
  last_error: 'The error of the latest failed asynchronous call.',
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

const UUID = '3f0c1b1e-7a52-4f0e-9d38-0a7c4d5e6f10';

export const NODES_LISTING: ListingDoc = {
  tag: 'nodes',
  summary: 'List nodes',
  description:
    'A page of nodes. Filters are combined. `next` links to the page that follows a full one, or one that ends early, after 8 MB.',
  query: LIST_QUERY,
  notFound: new NodeNotFound(UUID),
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
