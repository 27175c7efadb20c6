import { SetMetadata } from '@nestjs/common';
import { type z } from 'zod';

const LISTING = 'ferrule:listing';

/** A parameter in the words of those who explore the listings. */
export interface ParameterDoc {
  readonly name: string;
  readonly description: string;
  readonly example?: string;
  readonly schema?: { readonly type: 'string' | 'integer' | 'boolean'; readonly enum?: readonly string[] };
}

export interface ListingDoc {
  readonly tag: string;
  readonly summary: string;
  readonly description: string;
  readonly path?: readonly ParameterDoc[];
  readonly query: readonly ParameterDoc[];
  readonly response: z.ZodType;
  readonly example: unknown;
}

/** Puts an endpoint into the OpenAPI document: only listings are there, since only they are safe to try. */
export function Listing(doc: ListingDoc): MethodDecorator {
  return SetMetadata(LISTING, doc);
}

/** What `@Listing` said of a controller's method. */
export function listingOf(handler: object): ListingDoc | undefined {
  const doc: unknown = Reflect.getMetadata(LISTING, handler);
  return isListing(doc) ? doc : undefined;
}

function isListing(doc: unknown): doc is ListingDoc {
  return typeof doc === 'object' && doc !== null && 'query' in doc;
}
