import { having, NOBODY, type Row, uuid } from '../row.js';

const SLEEP = { call: 'POST /v1/nodes/node-1/vendor_passthru/sleep', json: { seconds: 0 } };
const LOG = { call: 'POST /v1/nodes/node-2/vendor_passthru/collect_log', json: {} };
const BOTH = { nodes: [{}, {}], before: [SLEEP, LOG] };

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?\+00:00$/);
const href = (prefix: string): unknown =>
  expect.stringMatching(new RegExp(`^http://127\\.0\\.0\\.1:\\d+${prefix}/jobs/[0-9a-f-]{36}$`));

const job = {
  id: expect.stringMatching(/^[0-9a-f-]{36}$/),
  state: expect.stringMatching(/^(queued|running|succeeded)$/),
  node: uuid(1),
  driver: 'fake-hardware',
  vendor_interface: 'fake-options',
  method: 'sleep',
  http_method: 'POST',
  progress: null,
  attachment: null,
  error: null,
  request_id: expect.stringMatching(/^req-/),
  attempts: expect.any(Number),
  created_at: TIME,
  cancel_requested_at: null,
  cancel_requested_by: null,
  fleet_call: null,
  links: [
    { href: href('/v1'), rel: 'self' },
    { href: href(''), rel: 'bookmark' },
  ],
};

const list = (name: string, query: string, status: number, more: Partial<Row> = {}): Row => ({
  name,
  section: 'jobs',
  call: `GET /v1/jobs${query}`,
  nodes: [{}, {}],
  status,
  ...more,
});

export const jobs: readonly Row[] = [
  list('none', '', 200, { body: { jobs: [] } }),
  list('newest first', '', 200, {
    ...BOTH,
    body: { jobs: [having({ node: uuid(2), method: 'collect_log' }), having(job)] },
  }),
  list('at 1.1', '', 200, { version: 1, body: { jobs: [] } }),
  list('without a version in the path', '', 200, { call: 'GET /jobs', body: { jobs: [] } }),
  list('of a node by name', '?node=node-1', 200, { ...BOTH, body: { jobs: [having(job)] } }),
  list('of a node by UUID', `?node=${uuid(1)}`, 200, { ...BOTH, body: { jobs: [having(job)] } }),
  list('of an unknown node', '?node=nosuch', 404),
  list('in a state', '?state=outcome-unknown', 200, { ...BOTH, body: { jobs: [] } }),
  list('in an unknown state', '?state=nosuch', 400, { says: /outcome-unknown/ }),
  list('a page', '?limit=1', 200, {
    ...BOTH,
    body: {
      jobs: [having({ method: 'collect_log' })],
      next: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/v1\/jobs\?limit=1&marker=[0-9a-f-]{36}$/),
    },
  }),
  list('a page of a node keeps the node', '?limit=1&node=node-1', 200, {
    ...BOTH,
    body: having({ next: expect.stringMatching(/node=node-1&limit=1/) }),
  }),
  ...['limit=0', 'limit=-1', 'limit=x', 'marker=x', 'nosuch=1', 'state=queued&state=running'].map((query) =>
    list(query, `?${query}`, 400),
  ),
  list('an unknown marker', `?marker=${NOBODY}`, 404),
  list('an unknown job', `/${NOBODY}`, 404, { says: new RegExp(NOBODY) }),
  list('an unknown job, waited for', `/${NOBODY}?wait=60`, 404),
  list('too long a wait for a job', `/${NOBODY}?wait=61`, 400),
  list('an invalid job id', '/nosuch', 404),
  list('cancelling an unknown job', '', 404, { call: `DELETE /v1/jobs/${NOBODY}`, says: new RegExp(NOBODY) }),
  list('cancelling all jobs', '', 405, { call: 'DELETE /v1/jobs' }),
  list('the file of an unknown job', `/${NOBODY}/attachment`, 404),
];
