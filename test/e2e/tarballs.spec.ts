import { execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Tarballs } from 'create-ferrule-driver';
import { Child } from '../support/child.js';
import { commandEnvironment } from '../support/command.js';
import { Dockerfile } from '../support/dockerfile.js';
import { freePort } from '../support/free-port.js';
import { HttpClient } from '../support/http-client.js';
import { ended } from '../support/passthru.js';
import { block, ROOT } from '../support/readme.js';
import { TestRegistry } from '../support/registry.js';
import { describeWhere } from '../support/require.js';
import { addMethod, addTest, writeTutorial } from '../support/tutorial.js';
import { until } from '../support/until.js';

const run = promisify(execFile);

/** Milliseconds: npm installs 160 packages. */
const LIMIT = 600_000;

const QUIET_NPM = {
  ...process.env,
  NODE_OPTIONS: '',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_update_notifier: 'false',
};

const isNpmThere = await run('npm', ['view', 'file-type', 'version'], { timeout: 30_000 }).then(
  () => true,
  () => false,
);

/** Installs with npm, from the tarballs and from a registry on this machine that has what this checkout has. */
describe('the tarballs', () => {
  let folder: string;
  let registry: TestRegistry;
  let service: Child | undefined;

  const at = (...names: string[]) => join(folder, ...names);
  const npmEnvironment = () => ({
    ...QUIET_NPM,
    npm_config_registry: registry.url,
    npm_config_cache: at('cache'),
  });
  const npm = (cwd: string, ...args: string[]) => run('npm', args, { cwd, env: npmEnvironment() });
  const shell = (command: string, env: object) =>
    run('sh', ['-ec', command], { cwd: ROOT, env: { ...npmEnvironment(), ...env } });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ferrule-tarballs-'));
    registry = await TestRegistry.start(ROOT);
    await run(process.execPath, [join(ROOT, 'scripts/pack.mjs'), at('tarballs')]);
  });
  afterAll(async () => {
    await service?.kill('SIGTERM');
    await registry?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('hold what is published, and no tests', async () => {
    const names = readdirSync(at('tarballs')).filter((name) => name.endsWith('.tgz'));
    expect(names.map((name) => name.replace(/-\d.*/, '')).sort()).toEqual([
      'create-ferrule-driver',
      'ferrule',
      'ferrule-bmc-simulator',
      'ferrule-driver-fake',
      'ferrule-driver-ipmi',
      'ferrule-driver-kit',
      'ferrule-driver-redfish',
      'ferrule-driver-testing',
      'ferrule-redfish',
    ]);
    for (const name of names) {
      const files = (await run('tar', ['-tzf', at('tarballs', name)])).stdout.split('\n');
      expect(files).toEqual(
        expect.arrayContaining(['package/package.json', 'package/README.md', 'package/LICENSE']),
      );
      expect(files.filter((file) => /\.spec\.|spec-support|tsbuildinfo|^package\/test\//.test(file))).toEqual(
        [],
      );
    }
  });

  // Installed globally, NestJS gets a version of a package that this checkout overrides, so its registry lacks that.
  describeWhere(isNpmThere, 'no registry of npm answers')('installed by the command for operators', () => {
    it(
      'start, are examined and stop in an empty folder',
      async () => {
        const page = readFileSync(join(ROOT, 'docs/operating.md'), 'utf8');
        const [command = ''] = block('Installing', 'sh', 0, page).split('\n');
        expect(command).toMatch(/^npm install --global --ignore-scripts /);
        const prefix = at('prefix');
        await run('sh', ['-ec', command], {
          cwd: folder,
          env: { ...QUIET_NPM, npm_config_prefix: prefix, npm_config_prefer_offline: 'true' },
        });
        const cwd = at('empty');
        mkdirSync(cwd);
        const port = await freePort();
        const env = commandEnvironment({
          NODE_OPTIONS: '',
          FERRULE_PORT: String(port),
          FERRULE_ENABLED_HARDWARE_TYPES: 'redfish,fake-hardware',
        });
        const program = join(prefix, 'bin', 'ferrule');
        const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
          version: string;
        };
        expect((await run(program, ['--version'], { cwd, env })).stdout).toBe(`${version}\n`);

        service = new Child(spawn(program, ['serve'], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] }));
        const http = new HttpClient(`http://127.0.0.1:${port}`);
        await until(() =>
          http.get('/readyz').then(
            ({ status }) => status === 200,
            () => false,
          ),
        );
        const { drivers } = (await http.get('/v1/drivers')).json<{ drivers: { name: string }[] }>();
        expect(drivers.map(({ name }) => name).sort()).toEqual(['fake-hardware', 'redfish']);
        http.close();
        // Beside the service, whose port is taken.
        const { stdout } = await run(program, ['doctor', '--json'], { cwd, env });
        expect(JSON.parse(stdout)).toMatchObject({ is_well: true });
        service.process.kill('SIGTERM');
        expect(await service.ended()).toBe(0);
        expect(readdirSync(cwd)).toEqual(['.ferrule']);
      },
      LIMIT,
    );
  });

  it(
    'install the driver of the tutorial, which passes its own tests',
    async () => {
      const driver = at('driver');
      const tarballs = Tarballs.in(at('tarballs'));
      writeTutorial(driver, tarballs);
      addMethod(driver);
      addTest(driver);
      const { stderr } = await npm(driver, 'install');
      // No warnings of npm.
      expect(stderr).toBe('');
      await npm(driver, 'run', 'docs');
      await npm(driver, 'test');
      await npm(driver, 'pack');
      expect(readdirSync(driver)).toContain('ferrule-driver-acme-xr-0.1.0.tgz');
    },
    LIMIT,
  );

  it(
    'become a container image, by the steps of its Dockerfile, in which all methods of that driver answer',
    async () => {
      const dockerfile = new Dockerfile(join(ROOT, 'deploy/Dockerfile'));
      const application = at('application');
      const [install, ...steps] = dockerfile.commands.filter((command) => /npm|APPLICATION/.test(command));
      // This checkout has them; the registry of this test packs the same files with other checksums.
      expect(install).toMatch(/^npm ci /);
      const folders = { PACKED: at('tarballs'), APPLICATION: application };
      for (const step of steps) await shell(step, folders);
      await npm(
        application,
        'install',
        '--omit=dev',
        '--ignore-scripts',
        at('driver', 'ferrule-driver-acme-xr-0.1.0.tgz'),
      );
      const port = await freePort();
      const env = {
        ...process.env,
        NODE_OPTIONS: '',
        ...dockerfile.environment,
        FERRULE_HOST: '127.0.0.1',
        FERRULE_PORT: String(port),
        FERRULE_DATA_DIR: at('data'),
        FERRULE_ENABLED_HARDWARE_TYPES: 'acme-xr',
      };
      const [program = '', ...words] = [...dockerfile.words('ENTRYPOINT'), ...dockerfile.words('CMD')];
      service = new Child(
        spawn(program, words, { cwd: application, env, stdio: ['ignore', 'pipe', 'pipe'] }),
      );
      const [check = '', ...script] = dockerfile.words('HEALTHCHECK');
      const isHealthy = () =>
        run(check, script, { cwd: application, env }).then(
          () => true,
          () => false,
        );
      expect(await isHealthy()).toBe(false);
      await until(isHealthy);
      const http = new HttpClient(`http://127.0.0.1:${port}`);
      const node = { name: 'n1', driver: 'acme-xr', driver_info: { acme_xr_address: '192.0.2.7' } };
      (await http.post('/v1/nodes', node)).expect(201);

      const passthru = '/v1/nodes/n1/vendor_passthru';
      const listed = (await http.get(`${passthru}/methods`)).json<object>();
      expect(Object.keys(listed).sort()).toEqual([
        'clear_event_log',
        'event_log',
        'flash_firmware',
        'set_led',
        'status',
      ]);
      expect((await http.get(`${passthru}/status`)).json()).toEqual({
        address: '192.0.2.7',
        temperature: 41,
      });
      expect((await http.post(`${passthru}/set_led`, { state: 'on' })).json()).toMatchObject({ led: 'on' });
      expect((await http.post(`${passthru}/clear_event_log`, {})).json()).toMatchObject({ kept: 0 });
      expect((await http.get(`${passthru}/event_log`)).text).toBe('192.0.2.7: nothing to report\n');
      expect((await http.get('/v1/drivers/acme-xr/vendor_passthru/catalogue')).json()).toMatchObject({
        bmc: ['7.0'],
      });
      const accepted = (await http.post(`${passthru}/flash_firmware`, { version: '1.1' })).expect(202);
      const job = await ended(http, new URL(String(accepted.headers.location)).pathname);
      expect(job).toMatchObject({ state: 'succeeded', result: { component: 'bios', version: '1.1' } });
    },
    LIMIT,
  );
});
