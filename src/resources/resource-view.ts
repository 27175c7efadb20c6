import { linkPair } from '../http/links.js';
import { type ResourceRow } from './resource-rows.js';

export interface ResourceLinks<F extends string> {
  /** In URLs: `chassis`. */
  readonly collection: string;
  /** Fields that link to what is below the resource. */
  readonly below?: readonly F[];
}

/** The links of the resource are always included. */
export function resourceView<F extends string>(
  row: ResourceRow<F>,
  fields: readonly F[],
  base: string,
  { collection, below = [] }: ResourceLinks<F>,
): Record<string, unknown> {
  const path = `${collection}/${row.uuid}`;
  const shown = fields.filter((field) => field !== 'links');
  return {
    ...Object.fromEntries(
      shown.map((field) => [
        field,
        below.includes(field) ? linkPair(base, `${path}/${field}`) : (row[field] ?? null),
      ]),
    ),
    links: linkPair(base, path),
  };
}
