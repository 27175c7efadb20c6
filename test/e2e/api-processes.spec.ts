import { call, createNode, ended, jobOf, readJob } from '../support/passthru.js';
import { type DataDirectory, dataDirectory } from '../support/service.js';

describe('a process that runs no jobs', () => {
  let directory: DataDirectory;
  beforeAll(async () => (directory = await dataDirectory()));
  afterAll(() => directory.dispose());

  it('accepts them for other processes, and runs synchronous methods', async () => {
    const api = await directory.start({ FERRULE_CONDUCTOR_CONCURRENCY: '0', FERRULE_HOSTNAME: 'api' });
    const node = await createNode(api.http);
    const jobs = [];
    for (const steps of [1, 2]) {
      const other = await createNode(api.http);
      jobs.push(jobOf(await call(api.http, other, 'report_progress', { steps })));
    }
    // By then its own worker would have taken them: a synchronous call takes longer.
    (await api.http.get(`/v1/nodes/${node}/vendor_passthru/echo?a=1`)).expect(200);
    for (const job of jobs) expect((await readJob(api.http, job)).state).toBe('queued');

    const conductor = await directory.start({ FERRULE_HOSTNAME: 'conductor' });
    for (const job of jobs) {
      expect(await ended(conductor.http, job)).toMatchObject({
        state: 'succeeded',
        conductor: 'conductor',
      });
    }
  });
});
