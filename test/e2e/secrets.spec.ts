import { call, createNode, ended, jobOf } from '../support/passthru.js';
import { type DataDirectory, dataDirectory, type Service } from '../support/service.js';

const SECRET = 'correct-horse-battery-staple';

describe('secrets', () => {
  let directory: DataDirectory;
  let service: Service;
  beforeAll(async () => {
    directory = await dataDirectory();
    service = await directory.start({ FERRULE_LOG_LEVEL: 'trace' });
  });
  afterAll(() => directory.dispose());

  it('are in no answer and in no log', async () => {
    const { http } = service;
    const node = await createNode(http, { driver_info: { password: SECRET, note: `password=${SECRET}` } });
    const jobs: string[] = [];
    for (const args of [
      { message: `login with ${SECRET} failed` },
      { kind: 'conflict', message: `token=${SECRET}` },
    ]) {
      const job = jobOf(await call(http, node, 'fail', args));
      expect(await ended(http, job)).toMatchObject({ state: 'failed' });
      jobs.push(job);
    }
    const answers = [
      await call(http, node, 'fail_sync', { message: `login with ${SECRET} failed` }),
      await call(http, node, 'echo', { password: SECRET }),
      await http.post(`/v1/nodes/${node}/vendor_passthru/echo`, undefined, {
        raw: `{"password": "${SECRET}"`,
      }),
      await call(http, node, 'sleep', { seconds: SECRET }),
      await http.post('/v1/nodes', { driver: 'fake-hardware', driver_info: SECRET }),
      await http.patch(`/v1/nodes/${node}`, [{ op: 'add', path: '/driver_info/token', value: SECRET }]),
    ];
    for (const path of [
      ...jobs,
      '/v1/jobs',
      `/v1/nodes/${node}`,
      '/v1/nodes/detail',
      `/v1/nodes/${node}/states`,
    ]) {
      answers.push(await http.get(path));
    }
    for (const answer of answers) expect(answer.text).not.toContain(SECRET);
    expect(service.log).not.toContain(SECRET);
    // The line was logged.
    expect(service.log).toMatch(/login with \*+ failed/);
  });
});
