import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type Request } from 'express';
import { z } from 'zod';
import { BadRequest, NotAcceptable } from '../http/errors.js';
import { parameter, text, uuid } from '../http/query/parameter.js';
import { NODE_FIELDS } from './fields/node-fields.js';
import { isName, type NodeIdent, nodeIdent } from './fields/node-name.js';

/** How a request names its node. */
export interface NodeReference {
  /** As it was written, for messages. */
  readonly text: string;
  /** To be tried in this order. */
  readonly idents: readonly NodeIdent[];
}

/**
 * The `:ident` of a path.
 * @throws BadRequest (400), NodeNotFound (404) for names below 1.5
 */
export function nodeReference(request: Request): NodeReference {
  const { ident: named } = request.params;
  if (typeof named !== 'string') throw new TypeError('The route has no :ident.');
  const ident = nodeIdent(named, request.microversion);
  // The suffix may have been cut off from the name itself.
  const isCut = request.jsonSuffix && request.path.endsWith(`/${encodeURIComponent(named)}`);
  return { text: named, idents: isCut ? [ident, { name: `${named}.json` }] : [ident] };
}

/** The node that the path names: `@Ident() reference: NodeReference`. */
export const Ident = createParamDecorator((_data: undefined, context: ExecutionContext): NodeReference =>
  nodeReference(context.switchToHttp().getRequest<Request>()),
);

/** For validation, which has always answered a name that is too new with 406 and not with 404. */
export const ValidatedIdent = createParamDecorator(
  (_data: undefined, context: ExecutionContext): NodeReference => {
    const request = context.switchToHttp().getRequest<Request>();
    const { ident } = request.params;
    if (typeof ident === 'string') assertNamesKnown(ident, request.microversion);
    return nodeReference(request);
  },
);

/** The query of `GET /v1/nodes/validate?node=…`, or with the old `?node_uuid=…`. */
export const VALIDATE_QUERY = z.object({
  node: parameter(text().optional(), { since: 1 }),
  node_uuid: parameter(uuid().optional(), { since: 1 }),
});

/** The node that a query names. */
export function queriedReference(
  { node, node_uuid }: z.output<typeof VALIDATE_QUERY>,
  microversion: number,
): NodeReference {
  const named = node ?? node_uuid;
  if (named === undefined) throw new BadRequest('Missing mandatory parameter: node');
  assertNamesKnown(named, microversion);
  return { text: named, idents: [nodeIdent(named, microversion)] };
}

function assertNamesKnown(text: string, microversion: number): void {
  const { since } = NODE_FIELDS.name;
  if (microversion < since && isName(nodeIdent(text, since))) throw NotAcceptable.before('name', since);
}
