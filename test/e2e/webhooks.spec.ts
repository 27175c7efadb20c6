import { randomBytes } from 'node:crypto';
import { type DataDirectory, dataDirectory } from '../support/service.js';
import { call, createNode, ended, jobOf } from '../support/passthru.js';
import { acknowledge, Receiver } from '../support/receiver.js';
import { until } from '../support/until.js';

const idOf = (path: string) => path.split('/').at(-1) ?? '';

describe('webhooks', () => {
  let directory: DataDirectory;
  let receiver: Receiver;
  let env: Record<string, string>;
  beforeAll(async () => {
    directory = await dataDirectory();
    receiver = await Receiver.open();
    env = {
      FERRULE_WEBHOOK_URL: receiver.url,
      FERRULE_WEBHOOK_SECRET: `whsec_${randomBytes(32).toString('base64')}`,
      FERRULE_LEASE: '5s',
    };
  });
  afterEach(() => directory.stop());
  afterAll(async () => {
    await directory.dispose();
    await receiver.close();
  });

  it('are delivered by the next process if theirs is killed before the receiver answers', async () => {
    receiver.reaction = () => {};
    const first = await directory.start(env);
    const node = await createNode(first.http);
    const path = jobOf(await call(first.http, node, 'collect_log', { lines: 1 }));
    await until(() => receiver.of(idOf(path)).length === 1);
    await first.stop('SIGKILL');
    receiver.reaction = acknowledge;

    await directory.start(env);
    await until(() => receiver.of(idOf(path)).length === 2);
    const bodies = receiver
      .of(idOf(path))
      .map(({ body }) => JSON.parse(body) as { data: { links: unknown } });
    const links = expect.arrayContaining([{ rel: 'self', href: `/v1/jobs/${idOf(path)}` }]) as unknown;
    expect(bodies).toMatchObject([{ data: { links } }, { data: { links } }]);
  });

  it('are delivered once by two processes, whichever of them ran the job', async () => {
    const services = await Promise.all([directory.start(env), directory.start(env)]);
    const paths: string[] = [];
    for (let turn = 0; turn < 5; turn++) {
      for (const { http } of services) {
        const node = await createNode(http);
        paths.push(jobOf(await call(http, node, 'collect_log', { lines: 1 })));
      }
    }
    for (const path of paths) for (const { http } of services) await ended(http, path);
    await until(() => paths.every((path) => receiver.of(idOf(path)).length > 0));
    expect(paths.map((path) => receiver.of(idOf(path)).length)).toEqual(paths.map(() => 1));
  });
});
