import { z } from 'zod';
import {
  commaList,
  flag,
  oneOf,
  parameter,
  type ParameterSchema,
  type Since,
  text,
  uuid,
} from '../../http/query/parameter.js';
import { detailParameter, fieldsParameter, pagingParameters } from '../../resources/list/list-parameters.js';
import { FAULTS, PROVISION_STATES } from '../fields/provision-states.js';

/** @param since N of the 1.N that introduced it; 1 where Ironic does not check. */
function filter<T extends ParameterSchema>(schema: T, since: Since, description: string, example?: string) {
  return parameter(schema.optional(), {
    since,
    description: description.includes('Without it') ? description : `${description} Without it: all.`,
    ...(example === undefined ? {} : { example }),
  });
}

function equal(field: string, since: number) {
  return filter(text(), since, `Nodes with that ${field}, for example \`team-a\`.`);
}

/** In the order of the `next` link. */
const FILTERS = {
  associated: filter(flag(), 1, 'Nodes with an instance, or those without.', 'false'),
  maintenance: filter(flag(), 1, 'Nodes in maintenance, or those in service.', 'false'),
  retired: filter(flag(), 1, 'Nodes that are retired, or those that are not.', 'false'),
  instance_uuid: filter(uuid(), 1, 'The node of that instance, by its UUID.'),
  chassis_uuid: filter(uuid(), 1, 'Nodes in that chassis, by its UUID.'),
  provision_state: filter(oneOf([...PROVISION_STATES]), 9, 'Nodes in that provision state.', 'enroll'),
  driver: filter(text(), 16, 'Nodes of that hardware type.', 'fake-hardware'),
  resource_class: equal('resource_class', 21),
  fault: filter(oneOf([...FAULTS]), 42, 'Nodes with that fault, for example `power failure`.'),
  conductor_group: equal('conductor_group', 46),
  conductor: filter(text(), 49, 'Nodes that this host serves.'),
  owner: equal('owner', 50),
  description_contains: filter(text(), 1, 'Nodes with that in their description, for example `rack 7`.'),
  lessee: equal('lessee', 65),
  project: filter(text(), 1, 'Nodes of which the project is the owner or the lessee.'),
  shard: filter(commaList(), 82, 'A comma list; nodes in any of the shards, for example `east,west`.'),
  sharded: filter(flag(), 82, 'Nodes with a shard, or those without.', 'false'),
  parent_node: filter(text(), 83, 'Children of that node, by UUID or name, for example `n1`.'),
  include_children: parameter(flag().default(false), {
    since: 83,
    description: 'Also nodes that have a parent.',
    example: 'true',
  }),
  instance_name: equal('instance_name', 104),
};

const NODES = { one: 'node', many: 'nodes' };
const FIELDS = fieldsParameter('uuid,name,driver,provision_state');
const PAGING = pagingParameters(NODES);

export const LIST_QUERY = z.object({
  ...FILTERS,
  detail: detailParameter(NODES),
  fields: FIELDS,
  ...PAGING,
});
/** Without what is about pages. */
export const NODE_FILTER_QUERY = z.object(FILTERS);
export const DETAIL_QUERY = z.object({ ...FILTERS, ...PAGING });
export const SHOW_QUERY = z.object({ fields: FIELDS });

export type ListQuery = z.output<typeof LIST_QUERY>;
export type NodeFilterName = keyof typeof FILTERS;
export type NodeFilters = Pick<ListQuery, NodeFilterName>;

/** Repeated in the link to the next page, besides those of the page itself. */
export const REPEATED_PARAMETERS: readonly string[] = [...Object.keys(FILTERS), 'detail', 'fields'];
