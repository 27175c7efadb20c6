import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { type HttpClient } from '../support/http-client.js';
import { hasProc, pidsOf, postmasterOf, processesOf, signal, signalTree } from '../support/processes.js';
import { call, createNode, fields, jobOf, readJob, watchedNode } from '../support/passthru.js';
import { describeOnlyWhere } from '../support/require.js';
import { type DataDirectory, dataDirectory, type Service } from '../support/service.js';
import { until } from '../support/until.js';
import { WatchFile } from '../support/watch.js';

describe('SIGTERM', () => {
  let directory: DataDirectory;
  let watch: WatchFile;
  beforeAll(async () => {
    directory = await dataDirectory();
    watch = new WatchFile(directory.path);
  });
  afterEach(() => directory.stop());
  afterAll(() => directory.dispose());

  it('lets running methods end, and leaves no lock and no child process', async () => {
    const gate = watch.gate();
    const service = await directory.start(watch.env);
    const [waiting, working] = [await watchedNode(service.http), await watchedNode(service.http)];
    const answer = call(service.http, waiting, 'watch', { gate: gate.path });
    const path = jobOf(await call(service.http, working, 'watch_job', { gate: gate.path, id: 'job' }));
    await until(async () => {
      const held = await Promise.all(
        [waiting, working].map((node) => fields(service.http, node, 'reservation')),
      );
      return held.every(({ reservation }) => reservation !== null);
    });
    await until(async () => (await readJob(service.http, path)).state === 'running');
    if (hasProc) expect(processesOf(directory.path)).not.toEqual([]);

    service.kill('SIGTERM');
    await until(async () => (await service.http.get('/readyz')).text.includes('draining'));
    expect((await call(service.http, working, 'look')).status).toBe(503);
    gate.open();
    expect((await answer).status).toBe(200);
    expect(await service.ended()).toBe(0);
    if (hasProc) expect(processesOf(directory.path)).toEqual([]);

    const { http } = await directory.start(watch.env);
    expect(await readJob(http, path)).toMatchObject({ state: 'succeeded', result: { id: 'job' } });
    for (const node of [waiting, working]) {
      expect(await fields(http, node, 'reservation')).toEqual({ reservation: null });
    }
  });

  it('aborts methods that do not end in time, and logs it', async () => {
    const service = await directory.start({ FERRULE_SHUTDOWN_TIMEOUT: '6' });
    const node = await createNode(service.http);
    const path = jobOf(await call(service.http, node, 'sleep', { seconds: 600 }));
    await until(async () => (await readJob(service.http, path)).state === 'running');
    expect(await service.stop()).toBe(0);

    const { http } = await directory.start();
    expect(await readJob(http, path)).toMatchObject({
      state: 'outcome-unknown',
      error: { code: 'ServiceStopping' },
    });
    expect(await fields(http, node, 'reservation')).toEqual({ reservation: null });
  });

  it('does not let clients repeat a call whose method it aborts', async () => {
    const env = { ...watch.env, FERRULE_SHUTDOWN_TIMEOUT: '6' };
    const service = await directory.start(env);
    const node = await watchedNode(service.http);
    const path = `/v1/nodes/${node}/vendor_passthru/watch`;
    const args = { id: 'aborted', gate: watch.gate().path };
    const ask = (http: HttpClient) =>
      http.post(path, args, {
        headers: { 'Idempotency-Key': 'aborted', Accept: 'application/problem+json' },
      });
    const first = ask(service.http);
    await until(() => watch.has('begin', 'aborted'));
    expect(await service.stop()).toBe(0);
    const answer = (await first).expect(500);
    expect(answer.json()).toMatchObject({
      code: 'OutcomeUnknown',
      detail: expect.stringContaining('The service was stopped while the method ran'),
    });

    const { http } = await directory.start(env);
    const repeat = (await ask(http)).expect(500);
    expect(repeat.headers['idempotency-replayed']).toBe('true');
    expect(watch.begun().get('aborted')).toBe(1);
  });

  it('jobs that were accepted and had not started are run by the next process', async () => {
    const gate = watch.gate();
    const service = await directory.start({ ...watch.env, FERRULE_CONDUCTOR_CONCURRENCY: '1' });
    const [busy, next] = [await watchedNode(service.http), await watchedNode(service.http)];
    const first = jobOf(await call(service.http, busy, 'watch_job', { gate: gate.path }));
    await until(async () => (await readJob(service.http, first)).state === 'running');
    const second = jobOf(await call(service.http, next, 'watch_job'));
    expect(await readJob(service.http, second)).toMatchObject({ state: 'queued' });
    service.kill('SIGTERM');
    await until(async () => (await service.http.get('/readyz')).text.includes('draining'));
    gate.open();
    expect(await service.ended()).toBe(0);

    const { http } = await directory.start(watch.env);
    await until(async () => (await readJob(http, second)).state === 'succeeded');
    expect(await readJob(http, first)).toMatchObject({ state: 'succeeded' });
  });

  it('logs what it waits for, and ends at once with its database at a second signal', async () => {
    const service = await directory.begin().ready();
    const node = await createNode(service.http);
    const path = jobOf(await call(service.http, node, 'sleep', { seconds: 600 }));
    await until(async () => (await readJob(service.http, path)).state === 'running');
    service.pressCtrlC();
    await until(() => /waiting up to \d+ s for .*1 running method \(sleep\)/.test(service.log));
    const before = service.log.length;
    await until(() => {
      service.pressCtrlC();
      return service.hasEnded;
    });
    expect(await service.ended()).toBe(1);
    const last = service.log.slice(before).trim().split('\n');
    expect(last).toEqual([expect.stringContaining('"msg":"Ended at once."')]);
    if (hasProc) expect(processesOf(directory.path)).toEqual([]);

    const { http } = await directory.start();
    expect(await fields(http, node, 'uuid')).toEqual({ uuid: node });
  });

  it('ends although a client keeps an idle connection open', async () => {
    const service = await directory.start();
    const socket = connect(Number(/Listening on http:.*:(\d+)/.exec(service.log)?.[1]), '127.0.0.1');
    await once(socket, 'connect');
    const closed = once(socket, 'close');
    expect(await service.stop()).toBe(0);
    await closed;
  });

  it('asks clients to close their connections while it drains', async () => {
    const gate = watch.gate();
    const service = await directory.start(watch.env);
    const answer = call(service.http, await watchedNode(service.http), 'watch', { gate: gate.path });
    await until(async () => {
      const { nodes } = (await service.http.get('/v1/nodes/detail')).json<{
        nodes: { reservation: string | null }[];
      }>();
      return nodes.some(({ reservation }) => reservation !== null);
    });
    const { headers } = await service.http.get('/readyz');
    expect(headers).toMatchObject({ connection: 'keep-alive', 'keep-alive': 'timeout=75' });
    service.kill('SIGTERM');
    await until(async () => (await service.http.get('/readyz')).status === 503);
    expect((await service.http.get('/readyz')).headers.connection).toBe('close');
    gate.open();
    expect((await answer).status).toBe(200);
    expect(await service.ended()).toBe(0);
    expect(service.log).not.toContain('could not be unregistered');
  });

  it('keeps an embedded server running that another process uses', async () => {
    const first = await directory.start();
    const second = await directory.start();
    const node = await createNode(first.http);
    const path = jobOf(await call(first.http, node, 'sleep', { seconds: 600 }));
    await until(async () => (await readJob(first.http, path)).state === 'running');
    await until(() => {
      first.kill('SIGTERM');
      return first.hasEnded;
    });
    expect((await second.http.get(`/v1/nodes/${node}`)).status).toBe(200);
  });
});

describeOnlyWhere(hasProc, 'processes are seen in /proc')('ended during its first start', () => {
  let directory: DataDirectory;
  beforeEach(async () => {
    directory = await dataDirectory({ isNew: true });
  });
  afterEach(() => directory.dispose());

  describe.each([
    ['initdb runs', /bin\/initdb /],
    ['PostgreSQL starts', /bin\/postgres .*-k /],
  ])('while %s', (_moment, pattern) => {
    const running = () => pidsOf(directory.path, pattern);

    it.each([
      ['SIGTERM', (service: Service) => service.kill('SIGTERM')],
      ['Ctrl-C', (service: Service) => service.pressCtrlC()],
    ])('leaves no process after %s, and starts again', async (_name, end) => {
      const service = directory.begin();
      await until(() => running().length > 0);
      end(service);
      expect(await service.ended()).toBe(0);
      await until(() => processesOf(directory.path).length === 0);
      await directory.start();
    });

    it('leaves no process after a second Ctrl-C, even if it hangs, and starts again', async () => {
      const service = directory.begin();
      await until(() => {
        for (const pid of running()) signal(pid, 'SIGSTOP');
        return running().length > 0;
      });
      await until(() => {
        service.pressCtrlC();
        return service.hasEnded;
      });
      await until(() => processesOf(directory.path).length === 0);
      await directory.start();
    });
  });
});

describeOnlyWhere(hasProc, 'processes are seen in /proc')('SIGTERM while the database is frozen', () => {
  let directory: DataDirectory;
  beforeEach(async () => {
    directory = await dataDirectory();
  });
  afterEach(() => directory.dispose());

  it('ends by force when its time limit is over, and leaves no process', async () => {
    const service = await directory.start({ FERRULE_SHUTDOWN_TIMEOUT: '2' });
    signalTree(postmasterOf(join(directory.path, 'data')), 'SIGSTOP');
    expect(await service.stop()).toBe(1);
    expect(service.log).toMatch(/took longer than FERRULE_SHUTDOWN_TIMEOUT \(2 s\)/);
    await until(() => processesOf(directory.path).length === 0);
  });
});
