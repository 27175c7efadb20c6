import { startApp, startBeside, type TestApp } from '../support/app.js';
import { until } from '../support/until.js';

interface Page {
  readonly jobs: readonly {
    readonly id: string;
    readonly created_at: string;
    readonly finished_at: string | null;
  }[];
  readonly next?: string;
}

/** Minutes of the creation and of the end, after which the rest. */
const JOBS = [
  ['00000000-0000-4000-8000-000000000001', 1, 50, 'succeeded', 'redfish', 'bios_set', 'ops'],
  ['00000000-0000-4000-8000-000000000002', 2, 20, 'failed', 'redfish', 'update_firmware', 'ops'],
  ['00000000-0000-4000-8000-000000000003', 3, 30, 'failed', 'fake-hardware', 'work', 'night'],
  ['00000000-0000-4000-8000-000000000004', 4, 30, 'cancelled', 'fake-hardware', 'work', 'ops'],
  ['00000000-0000-4000-8000-000000000005', 5, null, 'queued', 'fake-hardware', 'work', 'ops'],
] as const;

const ENV = { FERRULE_CONDUCTOR_CONCURRENCY: '0', FERRULE_JOB_RETENTION: '100000d' };

describe('lists of jobs', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp(ENV);
    for (const [id, created, finished, state, driver, method, caller] of JOBS) {
      await app.database.query(
        {
          name: 'test-insert-job',
          text: `
            insert into jobs (id, state, driver, vendor_interface, method, http_method, args, request_id, caller, created_at,
                              finished_at, enqueued_at)
            values ($1, $2, $3, 'v', $4, 'POST', '{}', 'req', json_build_object('name', $5::text),
                    timestamptz '2026-03-01T08:00:00Z' + $6 * interval '1 minute',
                    timestamptz '2026-03-01T08:00:00Z' + $7 * interval '1 minute', 'infinity')`,
        },
        [id, state, driver, method, caller, created, finished],
      );
    }
  });
  afterAll(() => app.close());

  const page = async (url: string) => (await app.http.get(url)).expect(200).json<Page>();

  /** The last digits of the ids on all pages. */
  async function listed(query: string, limit = 2): Promise<string> {
    let found = '';
    let url: string | undefined = `/v1/jobs?${query}&limit=${limit}`;
    while (url !== undefined) {
      const { jobs, next }: Page = await page(url);
      found += jobs.map(({ id }) => id.at(-1)).join('');
      url = next === undefined ? undefined : next.replace(/^http:\/\/[^/]+/, '');
    }
    return found;
  }

  it.each([
    ['', '54321'],
    ['sort_dir=asc', '12345'],
    ['state=failed', '32'],
    ['driver=redfish', '21'],
    ['method=work', '543'],
    ['caller=ops', '5421'],
    ['since=2026-03-01T08:03:00Z', '543'],
    ['since=2026-03-01T10:03:00%2B02:00&caller=ops&sort_dir=asc', '45'],
    ['sort_key=finished_at', '1432'],
    ['sort_key=finished_at&sort_dir=asc', '2341'],
    ['sort_key=finished_at&caller=ops', '142'],
    ['driver=attic', ''],
  ])('with %j have the jobs %s, page by page', async (query, expected) => {
    expect(await listed(query)).toBe(expected);
  });

  it.each([
    ['sort_key=driver', "Invalid sort_key 'driver'; one of: created_at, finished_at."],
    ['sort_dir=up', "Invalid sort_dir 'up'; one of: asc, desc."],
    ['since=yesterday', 'Invalid since: expected a time such as 2026-03-01T08:15:30Z.'],
    ['caller=a&caller=b', 'Invalid caller: it is given more than once.'],
  ])('with %j are 400', async (query, message) => {
    const answer = (await app.http.get(`/v1/jobs?${query}`)).expect(400);
    expect(answer.text).toContain(message);
  });

  it('have as many that have ended as are kept', async () => {
    const beside = await startBeside(app, {
      ...ENV,
      FERRULE_HOSTNAME: 'cond-b',
      FERRULE_JOB_RETENTION_COUNT: '1',
    });
    try {
      await until(async () => (await listed('')) === '51');
    } finally {
      await beside.close();
    }
  });
});
