import { type Request } from 'express';
import { z } from 'zod';
import { identityOf } from '../../auth/request-identity.js';
import { BadRequest, UnexpectedArguments } from '../../http/errors.js';
import { jsonObject } from '../../http/bodies/json-body.js';
import { flag, parameter, text } from '../../http/query/parameter.js';
import { queryOf } from '../../http/query/query.js';
import { QueryPipe } from '../../http/query/query.pipe.js';
import { wantsProblem } from '../../http/request.js';
import { callHeadersOf } from './call-headers.js';
import { type CallInput } from './call-input.js';
import { WAIT } from './lock-wait.js';

/** Arguments may also be in the query, since many clients and proxies drop the bodies of these verbs. */
const QUERY_VERBS: readonly string[] = ['GET', 'DELETE'];

const METHOD = parameter(text().optional(), { since: 1 });
const DRY_RUN = parameter(flag().default(false), { since: 1 });
const ON_NODE = z.object({ method: METHOD, dry_run: DRY_RUN, wait: WAIT });
const ON_DRIVER = z.object({
  method: METHOD,
  dry_run: DRY_RUN,
  vendor_interface: parameter(text().optional(), { since: 1 }),
});
type CallQuery = typeof ON_NODE | typeof ON_DRIVER;

class CallReader<T extends CallQuery> {
  private readonly pipe: QueryPipe<T>;

  constructor(private readonly schema: T) {
    this.pipe = new QueryPipe(schema);
  }

  /** @throws BadRequest, UnexpectedArguments, MalformedBody: all 400. */
  read(request: Request): CallInput & { readonly query: z.output<T> } {
    const all = queryOf(request);
    const { method: inPath } = request.params;
    if (inPath !== undefined && all.has('method')) {
      throw new BadRequest('The method is given both in the path and in the query.');
    }
    const own = new Map([...all].filter(([name]) => this.isOwn(name)));
    const surplus = [...all].filter(([name]) => !this.isOwn(name));
    if (surplus.length > 0 && !QUERY_VERBS.includes(request.method)) {
      throw new UnexpectedArguments(surplus.map(([name]) => name));
    }
    const query = this.pipe.transform({ query: own, microversion: request.microversion });
    return {
      ...identityOf(request),
      ...callHeadersOf(request),
      verb: request.method,
      wantsProblem: wantsProblem(request),
      method: typeof inPath === 'string' ? inPath : query.method,
      args: jsonObject(request),
      textArgs: new Map(surplus.map(([name, values]) => [name, onlyOne(name, values)])),
      query,
    };
  }

  private isOwn(name: string): boolean {
    return Object.hasOwn(this.schema.shape, name);
  }
}

export const nodeCallReader = new CallReader(ON_NODE);
export const driverCallReader = new CallReader(ON_DRIVER);

function onlyOne(name: string, [value = '', ...others]: readonly string[]): string {
  if (others.length > 0) throw new BadRequest(`Invalid ${name}: it is given more than once.`);
  return value;
}
