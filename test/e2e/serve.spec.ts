import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { commandOf } from '../../src/database/embedded/process-identity.js';
import { type DataDirectory, dataDirectory } from '../support/service.js';
import { until } from '../support/until.js';

describe('ferrule serve', () => {
  let place: DataDirectory;

  beforeAll(async () => {
    place = await dataDirectory();
  });
  afterEach(() => place.stop());
  afterAll(() => place.dispose());

  async function databaseProcess(): Promise<number> {
    return parseInt(await readFile(join(place.path, 'data', 'postgres', 'postmaster.pid'), 'utf8'), 10);
  }

  it('reports that it is alive and ready, and leaves no process behind after SIGTERM', async () => {
    const service = await place.start();
    const alive = await service.http.get('/healthz');
    expect([alive.status, alive.text]).toEqual([200, '{"status":"ok"}']);
    expect(alive.headers).not.toHaveProperty('x-openstack-ironic-api-version');
    const database = await databaseProcess();
    expect(commandOf(database)).toMatch(/postgres/);

    expect(await service.stop()).toBe(0);
    expect(commandOf(database)).toBe('');
  });

  it('restarts its database when it dies, and is ready again', async () => {
    const service = await place.start();
    const database = await databaseProcess();
    process.kill(database, 'SIGKILL');
    await until(async () => {
      const answers = await Promise.all(['/readyz', '/v1/nodes'].map((path) => service.http.get(path)));
      return (await databaseProcess()) !== database && answers.every(({ status }) => status === 200);
    });
    expect(await service.stop()).toBe(0);
  });

  it('listens on every address when that is allowed, and names the address that is bound', async () => {
    const service = await place.start({ FERRULE_HOST: '0.0.0.0', FERRULE_ALLOW_UNAUTHENTICATED: 'true' });
    expect(service.log).toMatch(/Listening on http:\/\/0\.0\.0\.0:\d+/);
    // Asks for no credentials, so FERRULE_METRICS must allow it.
    expect((await service.http.get('/metrics')).status).toBe(404);
    expect(await service.stop()).toBe(0);
  });

  it('loads the code of the SDK of OpenTelemetry only with its variables', async () => {
    const sdkOf = async (name: string, env: Readonly<Record<string, string>>): Promise<string[]> => {
      const folder = join(place.path, name);
      const service = await place.start({ ...env, NODE_V8_COVERAGE: folder });
      expect(await service.stop()).toBe(0);
      const files = (await readdir(folder)).map((file) => readFile(join(folder, file), 'utf8'));
      const reports = (await Promise.all(files)).map(
        (text) => JSON.parse(text) as { readonly result: readonly { readonly url: string }[] },
      );
      const urls = reports.flatMap(({ result }) => result.map(({ url }) => url));
      return urls.filter((url) => /\/node_modules\/(@opentelemetry\/(?!api\/)|bullmq-otel\/)/.test(url));
    };
    expect(await sdkOf('without-traces', {})).toEqual([]);
    const collector = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' };
    expect((await sdkOf('with-traces', collector)).length).toBeGreaterThan(0);
  });

  it('opens no database when a driver package lacks a provider', async () => {
    const fresh = join(place.path, 'fresh');
    const failed = place.start({
      FERRULE_DATA_DIR: fresh,
      FERRULE_DRIVER_ROOT: resolve(import.meta.dirname, '../fixtures'),
      FERRULE_ENABLED_HARDWARE_TYPES: 'lacking-hardware',
    });
    const output = await failed.then(
      () => '',
      (error: unknown) => String(error),
    );
    expect(output).toContain(
      'Package driver-lacking, class LackingVendor: parameter 1 of its constructor needs LackingClient, which nothing provides;',
    );
    expect(existsSync(join(fresh, 'postgres'))).toBe(false);
    expect(output).not.toMatch(/^ +at /m);
    await rm(fresh, { recursive: true, force: true });
  });

  it('warns of installed packages whose hardware types are not enabled', async () => {
    const service = await place.start({
      FERRULE_DRIVER_ROOT: resolve(import.meta.dirname, '../fixtures/refused'),
    });
    expect(service.log).toContain('Package driver-twice: it is installed twice, as driver-twice@1.0.0 in ');
    expect(service.log).toContain('Package ferrule-driver-no-entry: its package.json has no entry');
    // Its module is not imported, since none of its hardware types is enabled.
    expect(service.log).not.toContain('driver-throws');
    expect(await service.stop()).toBe(0);
  });

  it('reports why it cannot start, with exit code 1, and leaves no process', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    try {
      const address = taken.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      await expect(place.start({ FERRULE_PORT: String(port) })).rejects.toThrow(
        new RegExp(`did not start:[^]*address to listen on is in use \\(127.0.0.1, port ${port}\\)`),
      );
    } finally {
      await new Promise((resolve) => taken.close(resolve));
    }
    await expect(place.start({ FERRULE_HOST: '0.0.0.0' })).rejects.toThrow(
      /FERRULE_ALLOW_UNAUTHENTICATED=true/,
    );
    const isFile = { FERRULE_DATA_DIR: join(place.path, 'file') };
    await writeFile(isFile.FERRULE_DATA_DIR, '');
    await expect(place.start(isFile)).rejects.toThrow(
      /did not start:\s*The data directory .*\/file cannot be created or written to: there is a file of that name/,
    );
    const notAFolder = { FERRULE_DATA_DIR: '/dev/null/ferrule' };
    await expect(place.start(notAFolder)).rejects.toThrow(
      /did not start:\s*The data directory \/dev\/null\/ferrule cannot be created .*FERRULE_DATA_DIR/,
    );
    const noRedis = { FERRULE_REDIS_URL: 'redis://127.0.0.1:1', FERRULE_DATABASE_WAIT: '0' };
    await expect(place.start(noRedis)).rejects.toThrow(/The Redis of FERRULE_REDIS_URL does not answer/);
    await expect(place.start({ FERRULE_ENABLED_HARDWARE_TYPES: 'nonsense,' })).rejects.toThrow(/nonsense/);
    await expect(databaseProcess()).rejects.toThrow(/ENOENT/);
  });
});
