import { InvalidParameterValue, MissingParameterValue } from '@ferrule/driver-kit';
import { type Request } from 'express';
import { jsonObject } from '../http/middleware/body.js';
import { BadRequest, UnexpectedArguments } from '../http/errors.js';
import { shortened } from '../http/listed.js';
import { assertStorable } from '../http/storable.js';
import { Query } from '../http/query/query.js';

/** Verbs whose arguments may also come in the query: many clients and proxies drop their bodies. */
const QUERY_VERBS: readonly string[] = ['GET', 'DELETE'];

/** What a request says about a passthru call, before anything was looked up. */
export interface CallRequest {
  /** Undefined when neither the path nor the query names one. */
  readonly method: string | undefined;
  /** Of the driver-level `?vendor_interface=`. */
  readonly vendorInterface: string | undefined;
  readonly body: Record<string, unknown>;
  /** Arguments from the query; their types are the schema's to tell. */
  readonly query: ReadonlyMap<string, string>;
}

/**
 * Reads the query and the body of a passthru call.
 * @param own query parameters that belong to the endpoint and are no arguments.
 * @throws BadRequest, UnexpectedArguments, MalformedBody: all 400.
 */
export function readCall(request: Request, own: readonly string[]): CallRequest {
  const query = Query.of(request);
  const { method: inPath } = request.params;
  if (inPath !== undefined && query.has('method')) {
    throw new BadRequest('The method is named in the path and in the query; name it once.');
  }
  const surplus = query.names.filter((name) => !own.includes(name));
  if (surplus.length > 0 && !QUERY_VERBS.includes(request.method)) throw new UnexpectedArguments(surplus);
  return {
    method: typeof inPath === 'string' ? inPath : query.text('method'),
    vendorInterface: own.includes('vendor_interface') ? query.text('vendor_interface') : undefined,
    body: jsonObject(request),
    query: new Map(surplus.map((name) => [name, query.text(name) ?? ''])),
  };
}

/** @throws MissingParameterValue when no method is named. */
export function methodName(call: CallRequest): string {
  if (call.method) return call.method;
  throw new MissingParameterValue('Missing mandatory parameter: method');
}

/**
 * Body and query as one set of arguments.
 * @param typed makes of a query's text what the method's schema wants there.
 */
export function mergeArguments(
  { body, query }: CallRequest,
  typed: (name: string, text: string) => unknown,
): Record<string, unknown> {
  if (query.size === 0) return body;
  const queried = [...query].map(([name, text]) => {
    if (Object.hasOwn(body, name)) {
      throw new InvalidParameterValue(
        `Argument '${shortened(name)}' is given in the body and in the query; give it once.`,
      );
    }
    const value = typed(name, text);
    assertStorable(value, `Argument '${shortened(name)}'`);
    return [name, value] as const;
  });
  return { ...body, ...Object.fromEntries(queried) };
}
