import { type PipeTransform } from '@nestjs/common';
import { RawQuery } from '../../http/parameters.js';
import { type ParameterTable } from '../../http/query/query.js';
import { type AskedQuery } from '../../http/query/query.pipe.js';
import { type NodeFieldName } from '../fields/node-fields.js';
import { type NodeListRequest, readListRequest, readShowFields } from './node-list.request.js';

class NodeListPipe implements PipeTransform<AskedQuery, NodeListRequest> {
  constructor(private readonly parameters: ParameterTable) {}

  transform({ query, microversion }: AskedQuery): NodeListRequest {
    return readListRequest(query, this.parameters, microversion);
  }
}

class ShownFieldsPipe implements PipeTransform<AskedQuery, NodeFieldName[]> {
  transform({ query, microversion }: AskedQuery): NodeFieldName[] {
    return readShowFields(query, microversion);
  }
}

export const NodeList = (parameters: ParameterTable): ParameterDecorator =>
  RawQuery(new NodeListPipe(parameters));

export const ShownFields = (): ParameterDecorator => RawQuery(new ShownFieldsPipe());
