import { type FerruleError } from '@ferrule/driver-kit';
import { SetMetadata } from '@nestjs/common';
import { type z } from 'zod';
import { type QuerySchema } from '../http/query/parameter.js';

const LISTING = 'ferrule:listing';

export interface PathParameterDoc {
  readonly name: string;
  readonly description: string;
  readonly example: string;
}

export interface ListingDoc {
  readonly tag: string;
  readonly summary: string;
  readonly description: string;
  readonly path?: readonly PathParameterDoc[];
  readonly query: QuerySchema;
  readonly response: z.ZodType;
  readonly example: unknown;
  /** The error when the path or the query names something that does not exist. */
  readonly notFound?: FerruleError;
}

/** Adds an endpoint to the OpenAPI document; only listings, since they are safe to try. */
export function Listing(doc: ListingDoc): MethodDecorator {
  return SetMetadata(LISTING, doc);
}

export function listingOf(handler: object): ListingDoc | undefined {
  const doc: unknown = Reflect.getMetadata(LISTING, handler);
  return isListing(doc) ? doc : undefined;
}

function isListing(doc: unknown): doc is ListingDoc {
  return typeof doc === 'object' && doc !== null && 'query' in doc;
}
