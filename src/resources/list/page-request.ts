import { type AskedQuery } from '../../http/query/query.pipe.js';
import { nextPage } from '../../http/links.js';
import { repeatedParameters, type ShownFields, type Sort } from './shown-fields.js';
import { type Page } from './select-page.js';

/** What a client asks for, besides its filters. */
export interface PageRequest<F extends string> {
  readonly fields: readonly F[];
  /** Infinity when none is given. */
  readonly limit: number;
  readonly sort: Sort<F>;
  readonly marker: string | undefined;
  /** Parameters for the link to the next page, besides its limit and marker. */
  readonly repeated: readonly (readonly [name: string, value: string])[];
}

interface PagingParameters {
  readonly limit?: number | undefined;
  readonly marker?: string | undefined;
  readonly sort_key: string;
  readonly sort_dir: 'asc' | 'desc';
}

/**
 * @param repeated names of the parameters that the link to the next page repeats.
 * @throws BadRequest (400), NotAcceptable (406)
 */
export function pageRequest<F extends string>(
  shown: ShownFields<F>,
  fields: readonly F[],
  parsed: PagingParameters,
  repeated: readonly string[],
  { query, microversion }: AskedQuery,
): PageRequest<F> {
  const sort = shown.sort(parsed.sort_key, parsed.sort_dir, microversion);
  return {
    fields,
    limit: parsed.limit ?? Infinity,
    sort,
    marker: parsed.marker,
    repeated: repeatedParameters(repeated, query, parsed, sort),
  };
}

/** A full page has a `next` link even if nothing follows, since finding out would need another row. */
export function nextLink(
  { repeated, limit }: Pick<PageRequest<string>, 'repeated' | 'limit'>,
  { rows, isFull }: Page<{ readonly uuid: string }>,
  base: string,
  path: string,
): string | undefined {
  const last = rows.at(-1);
  return last && isFull ? nextPage(base, path, repeated, limit, last.uuid) : undefined;
}
