import { z } from 'zod';
import { oneOf, parameter, pageLimit, text, time } from '../http/query/parameter.js';
import { type ListingDoc } from '../openapi/listing.js';
import { AUDIT_EVENTS } from './audit-record.js';
import { NoNodeOfName } from './errors.js';
import { AuditView } from './audit.view.js';

const EXAMPLE: AuditView = {
  seq: 4711,
  at: '2026-03-01T08:15:30.123456+00:00',
  event: 'begin',
  action: 'baremetal:node:vendor_passthru',
  request_id: 'req-5d7c6f0a-31d5-4a0e-8a53-4e1d7b0a9c11',
  caller: 'ops',
  caller_id: 'token:ops',
  known_by: 'token',
  remote_address: '192.0.2.7',
  node: '3f0c1b1e-7a52-4f0e-9d38-0a7c4d5e6f10',
  driver: 'fake-hardware',
  vendor_interface: 'fake-options',
  method: 'work',
  http_method: 'POST',
  arguments: { milliseconds: 10 },
  decision: 'allowed',
  hash: 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c',
};

export const AUDIT_QUERY = z.object({
  node: parameter(text().optional(), {
    since: 1,
    description:
      'Only records of this node: its UUID, also of a deleted one, or the name that it has now. Without it: of all.',
  }),
  caller: parameter(text().optional(), {
    since: 1,
    description: 'Only records of the caller with this name, for example `ops`. Without it: of all.',
  }),
  action: parameter(text().optional(), {
    since: 1,
    description: 'Only records of this action, for example `baremetal:node:update`. Without it: of all.',
  }),
  event: parameter(oneOf(AUDIT_EVENTS).optional(), {
    since: 1,
    description: 'Only records of this event, for example `denied`. Without it: of all.',
  }),
  caller_id: parameter(text().optional(), {
    since: 1,
    description: 'Only records of the caller with this id, for example `token:ops`. Without it: of all.',
  }),
  method: parameter(text().optional(), {
    since: 1,
    description: 'Only records of calls of this method, for example `update_firmware`. Without it: of all.',
  }),
  job: parameter(text().optional(), {
    since: 1,
    description: 'Only records of the job with this id. Without it: of all.',
  }),
  request_id: parameter(text().optional(), {
    since: 1,
    description:
      'Only records of the request with this id, which an answer has in `X-Openstack-Request-Id`. Without it: of all.',
  }),
  since: parameter(time().optional(), {
    since: 1,
    description: 'Only records from this time on, RFC 3339. Without it: from the oldest on.',
  }),
  until: parameter(time().optional(), {
    since: 1,
    description: 'Only records before this time, RFC 3339. Without it: up to the newest.',
  }),
  limit: parameter(pageLimit().optional(), {
    since: 1,
    description: 'Maximum number of records on a page; at most FERRULE_MAX_LIMIT.',
    example: '20',
    default: 1000,
  }),
  marker: parameter(text().optional(), {
    since: 1,
    description: 'seq of the last record on the previous page. Without it: the first page.',
  }),
});

export const AUDIT_LISTING: ListingDoc = {
  tag: 'audit',
  summary: 'List records of the audit',
  description: 'Changes, passthru calls and denials, newest first. For system administrators.',
  query: AUDIT_QUERY,
  notFound: new NoNodeOfName('rack7-u12'),
  response: z.object({ audit: z.array(AuditView), next: z.string().optional() }),
  example: { audit: [EXAMPLE] },
};
