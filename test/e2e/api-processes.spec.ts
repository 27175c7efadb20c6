import { call, createNode, ended, jobOf } from '../support/passthru.js';
import { type DataDirectory, dataDirectory } from '../support/service.js';

describe('a process of the role api', () => {
  let directory: DataDirectory;
  beforeAll(async () => (directory = await dataDirectory()));
  afterAll(() => directory.dispose());

  it.each([{ FERRULE_ROLE: 'api' }, { FERRULE_CONDUCTOR_CONCURRENCY: '0' }])(
    'accepts jobs for conductors, and runs synchronous methods: %j',
    async (env) => {
      const conductor = await directory.start({ FERRULE_HOSTNAME: 'conductor' });
      const api = await directory.start({ ...env, FERRULE_HOSTNAME: 'api' });
      const node = await createNode(api.http);
      (await api.http.get(`/v1/nodes/${node}/vendor_passthru/echo?a=1`)).expect(200);
      for (let steps = 1; steps <= 8; steps++) {
        const job = jobOf(await call(api.http, node, 'report_progress', { steps }));
        expect(await ended(api.http, job)).toMatchObject({ state: 'succeeded', conductor: 'conductor' });
      }
      const { conductors } = (await api.http.get('/v1/conductors'))
        .expect(200)
        .json<{ conductors: unknown[] }>();
      expect(conductors).toEqual([expect.objectContaining({ hostname: 'conductor', alive: true })]);

      await conductor.stop();
      const { conductors: left } = (await api.http.get('/v1/conductors')).json<{ conductors: unknown[] }>();
      expect(left).toEqual([]);
      await api.stop();
    },
  );
});
