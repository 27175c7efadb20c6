import { commaList, flag, oneOf, pageLimit, parameter, text, uuid } from '../../http/query/parameter.js';

/** What the descriptions call the resources. */
export interface Noun {
  readonly one: string;
  readonly many: string;
}

export function pagingParameters({ one, many }: Noun) {
  return {
    limit: parameter(pageLimit().optional(), {
      since: 1,
      description: `Maximum number of ${many} on a page; at most FERRULE_MAX_LIMIT.`,
      example: '20',
      default: 1000,
    }),
    marker: parameter(uuid().optional(), {
      since: 1,
      description: `UUID of the last ${one} on the previous page. Without it: the first page.`,
    }),
    sort_key: parameter(text().default('id'), {
      since: 1,
      description: 'The field to sort by; `id` is the order of creation.',
      example: 'id',
    }),
    sort_dir: parameter(
      oneOf(
        ['asc', 'desc'],
        (written) => `Invalid sort direction '${written}'. Acceptable values are asc and desc.`,
      ).default('asc'),
      { since: 1, description: 'Ascending or descending.', example: 'asc' },
    ),
  };
}

/** @param example a comma list of fields. */
export function fieldsParameter(example: string) {
  return parameter(commaList().optional(), {
    since: 8,
    description: 'A comma list of the fields to return; links are always included. Without it: a summary.',
    example,
  });
}

export function detailParameter({ one }: Noun) {
  return parameter(flag().default(false), {
    since: { since: 43, before: 'unexpected' },
    description: `All fields of each ${one}. Not together with fields.`,
    example: 'false',
  });
}
