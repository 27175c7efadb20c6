import { z } from 'zod';
import { type AskedQuery, QueryPipe } from '../http/query/query.pipe.js';
import { type NodeIdent } from '../nodes/fields/node-name.js';
import { detailParameter, fieldsParameter, pagingParameters } from '../resources/list/list-parameters.js';
import { type PageRequest, pageRequest } from '../resources/list/page-request.js';
import { ShownFields } from '../resources/list/shown-fields.js';
import { filteredNode, partFilters, type PartFilters } from './part-filters.js';
import { PORTGROUP_FIELDS, PORTGROUP_SUMMARY, type PortgroupField } from './port-fields.js';

const NOUN = { one: 'port group', many: 'port groups' };
const FILTERS = partFilters('port groups', 106);
const FIELDS = fieldsParameter('uuid,address,node_uuid');
const PAGING = pagingParameters(NOUN);

export const PORTGROUPS_QUERY = z.object({
  ...FILTERS,
  detail: detailParameter(NOUN),
  fields: FIELDS,
  ...PAGING,
});

const LIST = new QueryPipe(PORTGROUPS_QUERY);
const DETAIL = new QueryPipe(z.object({ ...FILTERS, ...PAGING }));
const SHOW = new QueryPipe(z.object({ fields: FIELDS }));
const PORTGROUPS = new ShownFields(PORTGROUP_FIELDS, PORTGROUP_SUMMARY);
const REPEATED = [...Object.keys(FILTERS), 'detail', 'fields'];

export interface PortgroupsRequest extends PageRequest<PortgroupField> {
  readonly filters: PartFilters;
  readonly node: NodeIdent | undefined;
}

/** Of `/v1/portgroups`. @throws BadRequest (400), NotAcceptable (406) */
export function readPortgroupList(asked: AskedQuery): PortgroupsRequest {
  const query = LIST.transform(asked);
  return requestOf(query, PORTGROUPS.ofList(query, asked.microversion), asked);
}

/** Of `/v1/portgroups/detail`. @throws BadRequest (400), NotAcceptable (406) */
export function readPortgroupDetail(asked: AskedQuery): PortgroupsRequest {
  return requestOf(DETAIL.transform(asked), PORTGROUPS.all(asked.microversion), asked);
}

/** The fields that are shown of one port group. @throws BadRequest (400), NotAcceptable (406) */
export function readShownPortgroup(asked: AskedQuery): PortgroupField[] {
  return PORTGROUPS.ofOne(SHOW.transform(asked).fields, asked.microversion);
}

export function allPortgroupFields(microversion: number): PortgroupField[] {
  return PORTGROUPS.all(microversion);
}

function requestOf(
  parsed: Omit<z.output<typeof PORTGROUPS_QUERY>, 'detail' | 'fields'>,
  fields: readonly PortgroupField[],
  asked: AskedQuery,
): PortgroupsRequest {
  const node = filteredNode(parsed, asked.microversion);
  return { ...pageRequest(PORTGROUPS, fields, parsed, REPEATED, asked), filters: parsed, node };
}
