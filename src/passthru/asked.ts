import { type Request } from 'express';
import { callerOf } from '../auth/caller.js';
import { BadRequest, UnexpectedArguments } from '../http/errors.js';
import { jsonObject } from '../http/middleware/body.js';
import { Query } from '../http/query/query.js';
import { type Asked } from './passthru-call.factory.js';

/** Verbs whose arguments may also come in the query: many clients and proxies drop their bodies. */
const QUERY_VERBS: readonly string[] = ['GET', 'DELETE'];

/**
 * What a request says about a passthru call, before anything was looked up.
 * @param own query parameters that belong to the endpoint and are no arguments.
 * @throws BadRequest, UnexpectedArguments, MalformedBody: all 400.
 */
export function askedBy(request: Request, own: readonly string[]): Asked {
  const query = Query.of(request);
  const { method: inPath } = request.params;
  if (inPath !== undefined && query.has('method')) {
    throw new BadRequest('The method is named in the path and in the query; name it once.');
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
