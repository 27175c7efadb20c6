import { z } from 'zod';
import {
  commaList,
  flag,
  oneOf,
  parameter,
  type ParameterSchema,
  positiveInteger,
  text,
  uuid,
} from '../../http/query/parameter.js';
import { type ListingDoc } from '../../openapi/listing.js';
import { NodeNotFound } from '../errors.js';
import { NODE_FIELD_NAMES, nodeField, type NodeFieldName } from '../fields/node-fields.js';
import { LIST_PARAMETERS } from './node-list.request.js';
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

interface Described {
  readonly schema: ParameterSchema;
  readonly description: string;
  readonly example?: string;
  readonly default?: string | number;
}

const shown = (schema: ParameterSchema, description: string, example?: string): Described => ({
  schema,
  description,
  ...(example === undefined ? {} : { example }),
});

const DESCRIBED: Readonly<Record<string, Described>> = {
  associated: shown(flag(), 'Nodes with an instance, or those without.', 'false'),
  maintenance: shown(flag(), 'Nodes in maintenance, or those in service.', 'false'),
  retired: shown(flag(), 'Nodes that are retired, or those that are not.', 'false'),
  sharded: shown(flag(), 'Nodes with a shard, or those without.', 'false'),
  instance_uuid: shown(uuid(), 'The node of that instance, by its UUID.'),
  chassis_uuid: shown(uuid(), 'Not supported: there are no chassis, so any value is 404. Without it: all.'),
  provision_state: shown(oneOf([...PROVISION_STATES]), 'Nodes in that provision state.', 'enroll'),
  fault: shown(oneOf([...FAULTS]), 'Nodes with that fault, for example `power failure`.'),
  driver: shown(text(), 'Nodes of that hardware type.', 'fake-hardware'),
  conductor: shown(text(), 'Nodes that this host serves.'),
  description_contains: shown(text(), 'Nodes with that in their description, for example `rack 7`.'),
  project: shown(text(), 'Nodes of which the project is the owner or the lessee.'),
  shard: shown(commaList(), 'A comma list; nodes in any of the shards, for example `east,west`.'),
  parent_node: shown(text(), 'Children of that node, by UUID or name, for example `n1`.'),
  include_children: {
    ...shown(flag().default(false), 'Also nodes that have a parent.', 'true'),
  },
  detail: shown(flag().default(false), 'All fields of each node. Not together with fields.', 'false'),
  fields: shown(
    commaList(),
    'A comma list of the fields to return; links are always included. Without it: a summary.',
    'uuid,name,driver,provision_state',
  ),
  limit: {
    ...shown(positiveInteger(), 'Maximum number of nodes on a page; at most FERRULE_MAX_LIMIT.', '20'),
    default: 1000,
  },
  marker: shown(uuid(), 'UUID of the last node on the previous page. Without it: the first page.'),
  sort_key: { ...shown(text(), 'The field to sort by; `id` is the order of creation.', 'id'), default: 'id' },
  sort_dir: shown(oneOf(['asc', 'desc']).default('asc'), 'Ascending or descending.', 'asc'),
};

function documented(name: string): ParameterSchema {
  const { schema, ...info } =
    DESCRIBED[name] ?? shown(text(), `Nodes with that ${name}, for example \`team-a\`.`);
  const isFilter =
    info.default === undefined &&
    !(schema instanceof z.ZodDefault) &&
    !info.description.includes('Without it');
  const description = isFilter ? `${info.description} Without it: all.` : info.description;
  return parameter(schema, { since: LIST_PARAMETERS[name] ?? 1, ...info, description });
}

const UUID = '3f0c1b1e-7a52-4f0e-9d38-0a7c4d5e6f10';

export const NODES_LISTING: ListingDoc = {
  tag: 'nodes',
  summary: 'List nodes',
  description: 'A page of nodes. Filters are combined; `next` links to the page that follows a full one.',
  query: z.object(Object.fromEntries(Object.keys(LIST_PARAMETERS).map((name) => [name, documented(name)]))),
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
