import { createParamDecorator, type ExecutionContext, Injectable, type PipeTransform } from '@nestjs/common';
import { type Request } from 'express';
import { z } from 'zod';
import { Links } from './links.js';
import { jsonBody, jsonObject } from './middleware/body.js';
import { type AskedQuery, QueryPipe } from './query/query.pipe.js';
import { type QuerySchema } from './query/parameter.js';
import { Query } from './query/query.js';

/** Parameters of handlers. Each takes one thing from the request, so that no handler needs all of it. */

function from<T>(read: (request: Request) => T): () => ParameterDecorator {
  return createParamDecorator((_data: undefined, context: ExecutionContext): T =>
    read(context.switchToHttp().getRequest<Request>()),
  );
}

/** N of the 1.N that was negotiated: `@Microversion() microversion: number`. */
export const Microversion = from((request) => request.microversion);

/** `req-<uuid>`: `@RequestId() requestId: string`. */
export const RequestId = from((request) => request.requestId);

/** The body as JSON, undefined without one: `@JsonBody() body: JsonValue | undefined`. */
export const JsonBody = from(jsonBody);

/** The members of the body, none without one: `@JsonMembers() body: JsonObject`. */
export const JsonMembers = from(jsonObject);

/** The query before a pipe has looked at it, for pipes of a resource's own. */
export const RawQuery = createParamDecorator((_data: undefined, context: ExecutionContext): AskedQuery => {
  const request = context.switchToHttp().getRequest<Request>();
  return { query: Query.of(request), microversion: request.microversion };
});

/** The query as a schema has it: `@QueryOf(SCHEMA) query: z.output<typeof SCHEMA>`. */
export function QueryOf<T extends QuerySchema>(schema: T): ParameterDecorator {
  return RawQuery(new QueryPipe(schema));
}

const NO_QUERY = new QueryPipe(z.object({}));

/** For endpoints without parameters: any is 400. `@NoQuery() _query: unknown` */
export const NoQuery = (): ParameterDecorator => RawQuery(NO_QUERY);

@Injectable()
class LinkBasePipe implements PipeTransform<Request, string> {
  constructor(private readonly links: Links) {}

  transform(request: Request): string {
    return this.links.base(request);
  }
}

const RequestItself = createParamDecorator((_data: undefined, context: ExecutionContext): Request =>
  context.switchToHttp().getRequest<Request>(),
);

/** What links in the answer start with: `@LinkBase() base: string`. */
export const LinkBase = (): ParameterDecorator => RequestItself(LinkBasePipe);
