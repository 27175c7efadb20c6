import { type FerruleError } from '@ferrule/driver-kit';
import { applyDecorators } from '@nestjs/common';
import {
  ApiHeader,
  ApiIncludeEndpoint,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiQuery,
  ApiResponse,
} from '@nestjs/swagger';
import { z } from 'zod';
import { envelope } from '../http/replies/envelope.js';
import { UnexpectedArguments } from '../http/errors.js';
import { MINIMUM_MICROVERSION, VERSION_HEADERS, VersionOutOfRange } from '../http/microversion.js';
import { parameterInfo } from '../http/query/parameter.js';
import { QueryPipe } from '../http/query/query.pipe.js';
import { type ListingDoc } from './listing.js';

const ErrorEnvelope = z.object({
  error_message: z
    .string()
    .describe('A JSON document as a string, with the members faultcode, faultstring and debuginfo.'),
});

export function DescribedListing(doc: ListingDoc): MethodDecorator {
  return applyDecorators(
    ApiIncludeEndpoint(),
    ApiOperation({ summary: doc.summary, description: doc.description, tags: [doc.tag] }),
    ApiHeader({
      name: VERSION_HEADERS.current,
      description: 'The microversion, `1.N` or `latest`. The default, 1.1, has few fields.',
      required: false,
      schema: { type: 'string', default: '1.1', example: 'latest' },
    }),
    ...(doc.path ?? []).map(({ name, description, example }) =>
      ApiParam({ name, description, required: true, schema: { type: 'string', example } }),
    ),
    ...Object.entries(doc.query.shape).map(([name, schema]) => ApiQuery(queryParameter(name, schema))),
    ApiOkResponse({
      description: doc.summary,
      content: { 'application/json': { schema: jsonSchema(doc.response), example: doc.example } },
    }),
    ...errorsOf(doc).map(([error, description]) =>
      ApiResponse({
        status: error.status,
        description,
        content: { 'application/json': { schema: jsonSchema(ErrorEnvelope), example: envelope(error) } },
      }),
    ),
  );
}

function errorsOf({ query, notFound }: ListingDoc): [error: FerruleError, description: string][] {
  const unknown =
    new QueryPipe(query).unexpected(['nonesuch'], MINIMUM_MICROVERSION) ??
    new UnexpectedArguments(['nonesuch']);
  return [
    [unknown, 'A parameter is unknown or has a bad value.'],
    ...(notFound
      ? [[notFound, 'The path or the query names something that does not exist.'] as [FerruleError, string]]
      : []),
    [new VersionOutOfRange('1.999'), 'The microversion is out of range, or older than a parameter.'],
  ];
}

function queryParameter(name: string, schema: z.ZodType) {
  const { description = '', example, default: meant } = parameterInfo(schema);
  return {
    name,
    description,
    required: false,
    schema: {
      ...jsonSchema(schema),
      ...(meant === undefined ? {} : { default: meant }),
      ...(example === undefined ? {} : { example }),
    },
  };
}

/** Without `$schema`: the OpenAPI document sets the dialect. */
function jsonSchema(schema: z.ZodType): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(z.toJSONSchema(schema, { io: 'output' })).filter(([key]) => key !== '$schema'),
  );
}
