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
import { type ListingDoc, type ParameterDoc } from './listing.js';

/** The errors of every listing, in Ironic's envelope. */
const ErrorEnvelope = z.object({
  error_message: z
    .string()
    .describe('A JSON document as a string, with the members faultcode, faultstring and debuginfo.'),
});

/** A listing in the decorators of Nest's OpenAPI module. */
export function DescribedListing(doc: ListingDoc): MethodDecorator {
  return applyDecorators(
    ApiIncludeEndpoint(),
    ApiOperation({ summary: doc.summary, description: doc.description, tags: [doc.tag] }),
    ApiHeader({
      name: 'X-OpenStack-Ironic-API-Version',
      description: 'The microversion, `1.N` or `latest`. Without it 1.1 is meant, which knows few fields.',
      required: false,
      schema: { type: 'string', default: 'latest' },
    }),
    ...(doc.path ?? []).map((each) => ApiParam({ ...parameter(each), required: true })),
    ...doc.query.map((each) => ApiQuery({ ...parameter(each), required: false })),
    ApiOkResponse({
      description: doc.summary,
      content: { 'application/json': { schema: jsonSchema(doc.response), example: doc.example } },
    }),
    ...[400, 404, 406]
      .filter(
        (status) =>
          status !== 404 || doc.path !== undefined || doc.query.some(({ name }) => name === 'marker'),
      )
      .map((status) =>
        ApiResponse({
          status,
          description: ERRORS[status] ?? '',
          content: { 'application/json': { schema: jsonSchema(ErrorEnvelope) } },
        }),
      ),
  );
}

const ERRORS: Readonly<Record<number, string>> = {
  400: 'A parameter is unknown or has a bad value.',
  404: 'What the path or the marker names is not there.',
  406: 'The microversion is out of range, or older than a parameter.',
};

function parameter({ name, description, example, schema = { type: 'string' } }: ParameterDoc) {
  const { type } = schema;
  return {
    name,
    description,
    schema: { type, ...(schema.enum ? { enum: [...schema.enum] } : {}) },
    ...(example === undefined ? {} : { example }),
  };
}

/** OpenAPI 3.1 takes JSON Schema 2020-12 as it is; the dialect is the document's to name. */
function jsonSchema(schema: z.ZodType): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(z.toJSONSchema(schema, { io: 'output' })).filter(([key]) => key !== '$schema'),
  );
}
