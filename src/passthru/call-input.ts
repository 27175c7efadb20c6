import { type Request } from 'express';
import { callerOf } from '../auth/caller.js';
import { BadRequest, UnexpectedArguments } from '../http/errors.js';
import { jsonObject } from '../http/bodies/json-body.js';
import { Query } from '../http/query/query.js';
import { type CallInput } from './passthru-call.factory.js';

/** Arguments may also be in the query, since many clients and proxies drop the bodies of these verbs. */
const QUERY_VERBS: readonly string[] = ['GET', 'DELETE'];

/**
 * @param own query parameters of the endpoint itself, which are not arguments.
 * @throws BadRequest, UnexpectedArguments, MalformedBody: all 400.
 */
export function callInput(request: Request, own: readonly string[]): CallInput {
  const query = Query.of(request);
  const { method: inPath } = request.params;
  if (inPath !== undefined && query.has('method')) {
    throw new BadRequest('The method is given both in the path and in the query.');
  }
  const surplus = query.names.filter((name) => !own.includes(name));
  if (surplus.length > 0 && !QUERY_VERBS.includes(request.method)) throw new UnexpectedArguments(surplus);
  return {
    caller: callerOf(request),
    requestId: request.requestId,
    verb: request.method,
    method: typeof inPath === 'string' ? inPath : query.text('method'),
    args: jsonObject(request),
    textArgs: new Map(surplus.map((name) => [name, query.text(name) ?? ''])),
  };
}
