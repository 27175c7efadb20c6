import { z } from 'zod';
import { pageLimit, parameter, text, uuid, wholeNumber } from '../http/query/parameter.js';
import { NodeNotFound } from '../nodes/errors.js';
import { type ListingDoc } from '../openapi/listing.js';
import { LockView } from './lock.view.js';

const EXAMPLE: LockView = {
  node: '3f0c1b1e-7a52-4f0e-9d38-0a7c4d5e6f10',
  name: 'rack7-u12',
  driver: 'fake-hardware',
  holder: 'cond-a',
  caller: 'ops',
  purpose: 'job:8b0a7c2e-95c1-4d0e-a3f1-1f4f6a0c7d21',
  since: '2026-03-01T08:15:30.123456+00:00',
  until: '2026-03-01T08:16:00.131002+00:00',
  job: '8b0a7c2e-95c1-4d0e-a3f1-1f4f6a0c7d21',
  fence: 17,
  waiting: 2,
};

export const LOCKS_QUERY = z.object({
  node: parameter(text().optional(), {
    since: 1,
    description: 'Only the lock of this node: UUID or name, for example `n1`. Without it: of all nodes.',
  }),
  limit: parameter(pageLimit().optional(), {
    since: 1,
    description: 'Maximum number of locks on a page; at most FERRULE_MAX_LIMIT.',
    example: '20',
    default: 1000,
  }),
  marker: parameter(uuid().optional(), {
    since: 1,
    description: 'UUID of the node of the last lock on the previous page. Without it: the first page.',
  }),
});

export const BREAK_QUERY = z.object({ fence: parameter(wholeNumber().optional(), { since: 1 }) });

export const LOCKS_LISTING: ListingDoc = {
  tag: 'locks',
  summary: 'List locks',
  description: 'The nodes that are locked, with who holds the lock and what for.',
  query: LOCKS_QUERY,
  notFound: new NodeNotFound('3f0c1b1e-7a52-4f0e-9d38-0a7c4d5e6f10'),
  response: z.object({ locks: z.array(LockView), next: z.string().optional() }),
  example: { locks: [EXAMPLE] },
};
