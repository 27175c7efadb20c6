import { type AskedQuery, QueryPipe } from '../../http/query/query.pipe.js';
import { type PageRequest, pageRequest } from '../../resources/list/page-request.js';
import { ShownFields, type Sort } from '../../resources/list/shown-fields.js';
import { NODE_FIELDS, type NodeFieldName } from '../fields/node-fields.js';
import { SUMMARY_FIELDS } from '../wire/node.view.js';
import {
  DETAIL_QUERY,
  LIST_QUERY,
  type ListQuery,
  type NodeFilters,
  REPEATED_PARAMETERS,
  SHOW_QUERY,
} from './node-list.query.js';

export type NodeSort = Sort<NodeFieldName>;

export interface NodeListRequest extends PageRequest<NodeFieldName> {
  readonly filters: NodeFilters;
}

const LIST = new QueryPipe(LIST_QUERY);
const DETAIL = new QueryPipe(DETAIL_QUERY);
const SHOW = new QueryPipe(SHOW_QUERY);
const NODES = new ShownFields(NODE_FIELDS, SUMMARY_FIELDS);

/** Of `/v1/nodes`. @throws BadRequest (400), NotAcceptable (406) */
export function readListRequest(asked: AskedQuery): NodeListRequest {
  const query = LIST.transform(asked);
  return requestOf(query, NODES.ofList(query, asked.microversion), asked);
}

/** Of `/v1/nodes/detail`. @throws BadRequest (400), NotAcceptable (406) */
export function readDetailRequest(asked: AskedQuery): NodeListRequest {
  return requestOf(DETAIL.transform(asked), NODES.all(asked.microversion), asked);
}

/** The fields that are shown of one node. @throws BadRequest (400), NotAcceptable (406) */
export function readShownFields(asked: AskedQuery): NodeFieldName[] {
  return NODES.ofOne(SHOW.transform(asked).fields, asked.microversion);
}

function requestOf(
  parsed: Omit<ListQuery, 'detail' | 'fields'>,
  fields: readonly NodeFieldName[],
  asked: AskedQuery,
): NodeListRequest {
  return { ...pageRequest(NODES, fields, parsed, REPEATED_PARAMETERS, asked), filters: parsed };
}
