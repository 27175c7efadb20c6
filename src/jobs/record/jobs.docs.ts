import { z } from 'zod';
import { type ListingDoc } from '../../openapi/listing.js';
import { oneOf, parameter, pageLimit, seconds, text, time, uuid } from '../../http/query/parameter.js';
import { JobNotFound } from './job.js';
import { SORT_KEYS } from './job-pages.js';
import { JOB_STATES } from '../../database/job-state.js';
import { JobView } from './job.view.js';

const EXAMPLE: JobView = {
  id: '8b0a7c2e-95c1-4d0e-a3f1-1f4f6a0c7d21',
  state: 'succeeded',
  node: '3f0c1b1e-7a52-4f0e-9d38-0a7c4d5e6f10',
  driver: 'fake-hardware',
  kind: 'vendor',
  vendor_interface: 'fake-options',
  method: 'report_progress',
  http_method: 'POST',
  args: { steps: 4 },
  progress: { percent: 100, message: 'step 4 of 4' },
  result: { steps: 4 },
  attachment: null,
  error: null,
  request_id: 'req-5d7c6f0a-31d5-4a0e-8a53-4e1d7b0a9c11',
  caller: 'ops',
  conductor: 'cond-a',
  fence: null,
  attempts: 1,
  created_at: '2026-03-01T08:15:30.123456+00:00',
  started_at: '2026-03-01T08:15:30.131002+00:00',
  finished_at: '2026-03-01T08:15:30.140310+00:00',
  cancel_requested_at: null,
  cancel_requested_by: null,
  fleet_call: null,
  links: [
    { href: 'http://127.0.0.1:6385/v1/jobs/8b0a7c2e-95c1-4d0e-a3f1-1f4f6a0c7d21', rel: 'self' },
    { href: 'http://127.0.0.1:6385/jobs/8b0a7c2e-95c1-4d0e-a3f1-1f4f6a0c7d21', rel: 'bookmark' },
  ],
};

export const JOBS_QUERY = z.object({
  node: parameter(text().optional(), {
    since: 1,
    description: 'Only jobs of this node: UUID or name, for example `n1`. Without it: of all nodes.',
  }),
  state: parameter(oneOf(JOB_STATES).optional(), {
    since: 1,
    description: 'Only jobs in this state, for example `succeeded`. Without it: in any.',
  }),
  driver: parameter(text().optional(), {
    since: 1,
    description: 'Only jobs of this driver, for example `fake-hardware`. Without it: of all.',
  }),
  method: parameter(text().optional(), {
    since: 1,
    description: 'Only jobs of methods with this name, for example `report_progress`. Without it: of all.',
  }),
  caller: parameter(text().optional(), {
    since: 1,
    description: 'Only jobs of callers with this name, for example `ops`. Without it: of all.',
  }),
  fleet_call: parameter(uuid().optional(), {
    since: 1,
    description: 'Only jobs of the fleet call with this id. Without it: of all, and those of none.',
  }),
  since: parameter(time().optional(), {
    since: 1,
    description:
      'Only jobs that were created at this time or later, for example `2026-03-01T08:15:30Z`. Without it: from the first one on.',
  }),
  sort_key: parameter(oneOf(SORT_KEYS).default('created_at'), {
    since: 1,
    description: 'The time to sort by. With `finished_at`: only jobs that have ended.',
    example: 'created_at',
  }),
  sort_dir: parameter(oneOf(['asc', 'desc']).default('desc'), {
    since: 1,
    description: 'Oldest first, or newest first.',
    example: 'desc',
  }),
  limit: parameter(pageLimit().optional(), {
    since: 1,
    description: 'Maximum number of jobs on a page; at most FERRULE_MAX_LIMIT.',
    example: '20',
    default: 1000,
  }),
  marker: parameter(uuid().optional(), {
    since: 1,
    description: 'Id of the last job on the previous page. Without it: the first page.',
  }),
});

export const EVENTS_QUERY = z.object({
  node: parameter(text().optional(), { since: 1 }),
  driver: parameter(text().optional(), { since: 1 }),
  method: parameter(text().optional(), { since: 1 }),
  state: parameter(oneOf(JOB_STATES).optional(), { since: 1 }),
  fleet_call: parameter(uuid().optional(), { since: 1 }),
});

const MOST_SECONDS = 60;

export const JOB_QUERY = z.object({ wait: parameter(seconds(MOST_SECONDS).default(0), { since: 1 }) });

export const JOBS_LISTING: ListingDoc = {
  tag: 'jobs',
  summary: 'List jobs',
  description: 'The records of asynchronous passthru calls, newest first by default.',
  query: JOBS_QUERY,
  notFound: new JobNotFound('8b0a7c2e-95c1-4d0e-a3f1-1f4f6a0c7d21'),
  response: z.object({ jobs: z.array(JobView), next: z.string().optional() }),
  example: { jobs: [EXAMPLE] },
};
