import { z } from 'zod';
import { commaList, flag, oneOf, pageLimit, parameter, text } from '../http/query/parameter.js';
import { type ListingDoc } from '../openapi/listing.js';
import { ConductorNotFound } from './errors.js';

export const CONDUCTOR_FIELDS = [
  'hostname',
  'conductor_group',
  'alive',
  'drivers',
  'created_at',
  'updated_at',
  'links',
] as const;
export type ConductorField = (typeof CONDUCTOR_FIELDS)[number];

export const SUMMARY: readonly ConductorField[] = ['hostname', 'conductor_group', 'alive', 'links'];

/** `id`: the order in which they started. */
const SORT_KEYS = ['id', 'hostname', 'conductor_group', 'created_at', 'updated_at'] as const;
export type SortKey = (typeof SORT_KEYS)[number];

const FIELDS = parameter(commaList().optional(), {
  since: 1,
  description: 'A comma list of the fields to return; links are always included. Without it: a summary.',
  example: 'hostname,drivers',
});

export const CONDUCTOR_QUERY = z.object({ fields: FIELDS });

export const CONDUCTORS_QUERY = z.object({
  detail: parameter(flag().default(false), {
    since: 1,
    description: 'All fields of each conductor. Not together with fields.',
    example: 'false',
  }),
  fields: FIELDS,
  limit: parameter(pageLimit().optional(), {
    since: 1,
    description: 'Maximum number of conductors on a page; at most FERRULE_MAX_LIMIT.',
    example: '20',
    default: 1000,
  }),
  marker: parameter(text().optional(), {
    since: 1,
    description: 'Host name of the last conductor on the previous page. Without it: the first page.',
  }),
  sort_key: parameter(
    oneOf(SORT_KEYS, (written) => `The sort_key value "${written}" is an invalid field for sorting`).default(
      'id',
    ),
    {
      since: 1,
      description: 'The field to sort by; `id` is the order in which they started.',
      example: 'id',
    },
  ),
  sort_dir: parameter(
    oneOf(
      ['asc', 'desc'],
      (written) => `Invalid sort direction '${written}'. Acceptable values are asc and desc.`,
    ).default('asc'),
    { since: 1, description: 'Ascending or descending.', example: 'asc' },
  ),
});

const Links = z.array(z.object({ href: z.string(), rel: z.string() }));

const Conductor = z
  .object({
    hostname: z.string(),
    conductor_group: z.string().describe('The group whose nodes it serves; empty for nodes without one.'),
    alive: z.boolean().describe('Whether its lease holds and it takes work.'),
    drivers: z.array(z.string()).describe('The hardware types that it has.'),
    created_at: z.string().describe('When it started.'),
    updated_at: z.string().describe('When its lease was renewed last.'),
    links: Links,
  })
  .partial();

export const CONDUCTORS_LISTING: ListingDoc = {
  tag: 'conductors',
  summary: 'List conductors',
  description:
    'The processes that run jobs. Those that ended without stopping are listed for a day. Since 1.49; below it 404.',
  query: CONDUCTORS_QUERY,
  notFound: new ConductorNotFound('cond-z'),
  response: z.object({ conductors: z.array(Conductor), next: z.string().optional() }),
  example: {
    conductors: [
      {
        hostname: 'cond-a',
        conductor_group: '',
        alive: true,
        links: [
          { href: 'http://127.0.0.1:6385/v1/conductors/cond-a', rel: 'self' },
          { href: 'http://127.0.0.1:6385/conductors/cond-a', rel: 'bookmark' },
        ],
      },
    ],
  },
};
