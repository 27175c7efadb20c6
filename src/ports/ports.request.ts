import { z } from 'zod';
import { parameter, text } from '../http/query/parameter.js';
import { type AskedQuery, QueryPipe } from '../http/query/query.pipe.js';
import { type NodeIdent } from '../nodes/fields/node-name.js';
import { detailParameter, fieldsParameter, pagingParameters } from '../resources/list/list-parameters.js';
import { type PageRequest, pageRequest } from '../resources/list/page-request.js';
import { ShownFields } from '../resources/list/shown-fields.js';
import { filteredNode, NODE_UUID_FILTER, partFilters, type PartFilters } from './part-filters.js';
import { PORT_FIELDS, PORT_SUMMARY, type PortField } from './port-fields.js';

const NOUN = { one: 'port', many: 'ports' };
const FILTERS = {
  ...partFilters('ports', 82),
  node_uuid: NODE_UUID_FILTER,
  portgroup: parameter(text().optional(), {
    since: 24,
    description: 'Only ports of that port group, by UUID or name, for example `bond0`. Without it: all.',
  }),
};
const FIELDS = fieldsParameter('uuid,address,node_uuid');
const PAGING = pagingParameters(NOUN);

export const PORTS_QUERY = z.object({ ...FILTERS, detail: detailParameter(NOUN), fields: FIELDS, ...PAGING });

const LIST = new QueryPipe(PORTS_QUERY);
const DETAIL = new QueryPipe(z.object({ ...FILTERS, ...PAGING }));
const SHOW = new QueryPipe(z.object({ fields: FIELDS }));
const PORTS = new ShownFields(PORT_FIELDS, PORT_SUMMARY);
const REPEATED = [...Object.keys(FILTERS), 'detail', 'fields'];

export interface PortsRequest extends PageRequest<PortField> {
  readonly filters: PartFilters & { readonly portgroup?: string | undefined };
  readonly node: NodeIdent | undefined;
}

/** Of `/v1/ports`. @throws BadRequest (400), NotAcceptable (406) */
export function readPortList(asked: AskedQuery): PortsRequest {
  const query = LIST.transform(asked);
  return requestOf(query, PORTS.ofList(query, asked.microversion), asked);
}

/** Of `/v1/ports/detail`. @throws BadRequest (400), NotAcceptable (406) */
export function readPortDetail(asked: AskedQuery): PortsRequest {
  return requestOf(DETAIL.transform(asked), PORTS.all(asked.microversion), asked);
}

/** The fields that are shown of one port. @throws BadRequest (400), NotAcceptable (406) */
export function readShownPort(asked: AskedQuery): PortField[] {
  return PORTS.ofOne(SHOW.transform(asked).fields, asked.microversion);
}

export function allPortFields(microversion: number): PortField[] {
  return PORTS.all(microversion);
}

function requestOf(
  parsed: Omit<z.output<typeof PORTS_QUERY>, 'detail' | 'fields'>,
  fields: readonly PortField[],
  asked: AskedQuery,
): PortsRequest {
  const node = filteredNode(parsed, asked.microversion);
  return { ...pageRequest(PORTS, fields, parsed, REPEATED, asked), filters: parsed, node };
}
