import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type Request } from 'express';
import { z } from 'zod';
import { BadRequest, NotAcceptable } from '../../http/errors.js';
import { parameter, text, uuid } from '../../http/query/parameter.js';
import { NODE_FIELDS } from '../fields/node-fields.js';
import { isName, type NodeIdent, nodeIdent } from '../fields/node-name.js';

export interface NodeReference {
  readonly text: string;
  readonly idents: readonly NodeIdent[];
}

export function nodeReference(request: Request): NodeReference {
  const { ident: named } = request.params;
  if (typeof named !== 'string') throw new TypeError('The route has no :ident.');
  const ident = nodeIdent(named, request.microversion);
  // It may belong to the node's name.
  const isCut = request.jsonSuffix && request.path.endsWith(`/${encodeURIComponent(named)}`);
  return { text: named, idents: isCut ? [ident, { name: `${named}.json` }] : [ident] };
}

export const Ident = createParamDecorator((_data: undefined, context: ExecutionContext): NodeReference =>
  nodeReference(context.switchToHttp().getRequest<Request>()),
);

/** A name below 1.5 is 406 here: that is Ironic's answer for validation. */
export const ValidatedIdent = createParamDecorator(
  (_data: undefined, context: ExecutionContext): NodeReference => {
    const request = context.switchToHttp().getRequest<Request>();
    const { ident } = request.params;
    if (typeof ident === 'string') assertNamesKnown(ident, request.microversion);
    return nodeReference(request);
  },
);

/** `node_uuid` is the old name of `node`. */
export const VALIDATE_QUERY = z.object({
  node: parameter(text().optional(), { since: 1 }),
  node_uuid: parameter(uuid().optional(), { since: 1 }),
});

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
