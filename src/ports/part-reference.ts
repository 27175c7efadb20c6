import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type Request } from 'express';
import { type RawBuilder, sql, type SqlBool } from 'kysely';
import { isName, type NodeIdent, nodeIdent } from '../nodes/fields/node-name.js';

/** A part by its UUID or its name. */
export interface PartReference {
  readonly text: string;
  readonly ident: NodeIdent;
}

/** Names of parts are as those of nodes. @throws BadRequest (400) */
export function partReference(text: string): PartReference {
  return { text, ident: nodeIdent(text, Infinity) };
}

/** `:part` of the path. @throws BadRequest (400) */
export const PartIdent = createParamDecorator(
  (_data: undefined, context: ExecutionContext): PartReference => {
    const { part } = context.switchToHttp().getRequest<Request>().params;
    if (typeof part !== 'string') throw new TypeError('The route has no :part.');
    return partReference(part);
  },
);

export function partCondition(table: string, { ident }: PartReference): RawBuilder<SqlBool> {
  return isName(ident)
    ? sql`${sql.ref(`${table}.name`)} = ${ident.name}`
    : sql`${sql.ref(`${table}.uuid`)} = ${ident.uuid}`;
}
