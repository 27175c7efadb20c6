import { createParamDecorator, type ExecutionContext, Injectable, type PipeTransform } from '@nestjs/common';
import { type Request } from 'express';
import { z } from 'zod';
import { Links } from './links.js';
import { jsonBody, jsonObject } from './bodies/json-body.js';
import { type AskedQuery, QueryPipe } from './query/query.pipe.js';
import { type QuerySchema } from './query/parameter.js';
import { pathOf } from './request.js';
import { queryOf } from './query/query.js';

function from<T>(read: (request: Request) => T): () => ParameterDecorator {
  return createParamDecorator((_data: undefined, context: ExecutionContext): T =>
    read(context.switchToHttp().getRequest<Request>()),
  );
}

export const Microversion = from((request) => request.microversion);

export const RequestId = from((request) => request.requestId);

/** Undefined without a body. */
export const JsonBody = from((request) => jsonBody(request));

/** As {@link JsonBody}. @param most members and items. */
export const LargeJsonBody = (most: number): ParameterDecorator =>
  from((request) => jsonBody(request, most))();

/** Empty without a body. */
export const JsonMembers = from(jsonObject);

const RawQuery = createParamDecorator((_data: undefined, context: ExecutionContext): AskedQuery => {
  const request = context.switchToHttp().getRequest<Request>();
  const path = pathOf(request.originalUrl);
  return { query: queryOf(request), microversion: request.microversion, path };
});

export function QueryAs(transform: (asked: AskedQuery) => unknown): ParameterDecorator {
  return RawQuery({ transform });
}

/** `@QueryOf(SCHEMA) query: z.output<typeof SCHEMA>` */
export function QueryOf<T extends QuerySchema>(schema: T): ParameterDecorator {
  return RawQuery(new QueryPipe(schema));
}

const NO_QUERY = new QueryPipe(z.object({}));

export const NoQuery = (): ParameterDecorator => RawQuery(NO_QUERY);

@Injectable()
class LinkBasePipe implements PipeTransform<Request, string> {
  constructor(private readonly links: Links) {}

  transform(request: Request): string {
    return this.links.base(request);
  }
}

export const RequestItself = createParamDecorator((_data: undefined, context: ExecutionContext): Request =>
  context.switchToHttp().getRequest<Request>(),
);

export const LinkBase = (): ParameterDecorator => RequestItself(LinkBasePipe);
