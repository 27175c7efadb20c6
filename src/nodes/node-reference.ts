import { type Request } from 'express';
import { BadRequest, NotAcceptable } from '../http/errors.js';
import { Query } from '../http/query/query.js';
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
  const { ident: text } = request.params;
  if (typeof text !== 'string') throw new TypeError('The route has no :ident.');
  const ident = nodeIdent(text, request.microversion);
  // The suffix may have been cut off from the name itself.
  const isCut = request.jsonSuffix && request.path.endsWith(`/${encodeURIComponent(text)}`);
  return { text, idents: isCut ? [ident, { name: `${text}.json` }] : [ident] };
}

/** `GET /v1/nodes/validate?node=…`, or with the old `?node_uuid=…`. */
export function queriedReference(request: Request): NodeReference {
  const query = Query.of(request);
  query.check({ node: 1, node_uuid: 1 }, request.microversion);
  const text = query.text('node') ?? query.uuid('node_uuid');
  if (text === undefined) throw new BadRequest('Missing mandatory parameter: node');
  assertNamesKnown(text, request.microversion);
  return { text, idents: [nodeIdent(text, request.microversion)] };
}

/** Validation has always answered a name that is too new with 406 and not with 404. */
export function requireNames(request: Request): void {
  const { ident } = request.params;
  if (typeof ident === 'string') assertNamesKnown(ident, request.microversion);
}

function assertNamesKnown(text: string, microversion: number): void {
  const { since } = NODE_FIELDS.name;
  if (microversion < since && isName(nodeIdent(text, since))) throw NotAcceptable.before('name', since);
}
