import { BadRequest, NotAcceptable } from '../../http/errors.js';
import { uuidOf } from '../../http/query/uuid.js';
import { NODE_FIELDS } from './node-fields.js';
import { NodeNotFound } from '../errors.js';

/** Unreserved characters of RFC 3986. */
const LOGICAL_NAME = /^[A-Za-z0-9._~-]{1,255}$/;
const HOST_NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9_-]{0,62}[a-z0-9])*\.?$/;
/** Names were host names before this version. */
const LOGICAL_NAME_MICROVERSION = 10;

/** Path segments of Ironic's API. */
const RESERVED: ReadonlySet<string> = new Set([
  'detail',
  'maintenance',
  'management',
  'states',
  'validate',
  'vendor_passthru',
  'ports',
  'portgroups',
  'vifs',
  'volume',
  'traits',
  'bios',
  'allocation',
  'history',
  'inventory',
  'children',
  'firmware',
  'vmedia',
]);

export type NodeIdent = { readonly uuid: string } | { readonly name: string };

/** @throws BadRequest (400) for neither a UUID nor a name, NodeNotFound (404) for a name below 1.5. */
export function nodeIdent(text: string, microversion: number): NodeIdent {
  const uuid = uuidOf(text);
  if (uuid !== undefined) return { uuid };
  if (!LOGICAL_NAME.test(text)) throw new BadRequest(`Expected a UUID or a logical name of a node: ${text}`);
  if (microversion < NODE_FIELDS.name.since) throw new NodeNotFound(text);
  return { name: text };
}

export function isName(ident: NodeIdent): ident is { readonly name: string } {
  return 'name' in ident;
}

/** Whether other resources than nodes may have that name. */
export function isLogicalName(text: string): boolean {
  return LOGICAL_NAME.test(text) && uuidOf(text) === undefined;
}

/** @throws NotAcceptable (406) below 1.5, BadRequest (400) for an invalid or reserved name. */
export function assertNodeName(name: string, microversion: number): void {
  if (microversion < NODE_FIELDS.name.since) throw NotAcceptable.before('name', NODE_FIELDS.name.since);
  if (!isValid(name, microversion) || uuidOf(name) !== undefined) {
    throw new BadRequest(
      `Invalid node name '${name}': expected 1 to 255 letters, digits or . _ ~ -, and not a UUID.`,
    );
  }
  if (RESERVED.has(name)) {
    throw new BadRequest(
      `The word "${name}" is reserved and can not be used as a node name. ` +
        `Reserved words are: ${[...RESERVED].join(', ')}.`,
    );
  }
}

function isValid(name: string, microversion: number): boolean {
  if (microversion >= LOGICAL_NAME_MICROVERSION) return LOGICAL_NAME.test(name);
  return name.length <= 255 && HOST_NAME.test(name);
}
