import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { run } from '../../src/cli/program.js';
import { startApp, type TestApp } from '../support/app.js';
import { ended } from '../support/passthru.js';
import { block, README, ROOT } from '../support/readme.js';
import { describeWithProgram } from '../support/require.js';

const REFERENCE = readFileSync(join(ROOT, 'docs/drivers/reference.md'), 'utf8');

describe('docs/configuration.md', () => {
  it('has the current table of all settings', async () => {
    const page = readFileSync(join(ROOT, 'docs/configuration.md'), 'utf8');
    const documented = /<!-- configuration -->\s*([\s\S]*?)\s*<!-- \/configuration -->/.exec(page)?.[1];
    const printed: string[] = [];
    const out = { print: (text: string) => printed.push(text), complain: () => {} };
    expect(await run(['config', '--table'], {}, out)).toBe(0);
    expect(documented).toBe(printed.join('\n').trim());
  });
});

describe("the README's table of commands", () => {
  it('has every command of the program', async () => {
    const printed: string[] = [];
    const out = { print: (text: string) => printed.push(text), complain: () => {} };
    expect(await run(['--help'], {}, out)).toBe(0);
    const [, commands = ''] = printed.join('\n').split('Commands:\n');
    const names = [...commands.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name = '']) => name);
    expect(names.length).toBeGreaterThan(10);
    const shown = [...README.matchAll(/^\| `ferrule ([a-z-]+)/gm)].map(([, name]) => name);
    expect(names.filter((name) => name !== 'help' && !shown.includes(name))).toEqual([]);
  });
});

describe("the README's examples", () => {
  it('call nodes that its first commands make, and methods that they have', async () => {
    const app = await startApp();
    try {
      const made = /\$API\/nodes --json '(\{[^']+\})'/.exec(README)?.[1] ?? '';
      const { name } = (await app.http.post('/v1/nodes', JSON.parse(made)))
        .expect(201)
        .json<{ name: string }>();
      const others = [
        ...README.matchAll(/baremetal node create .*--name (\S+)/g),
        ...README.matchAll(/nodes --json '\{"name": "([^"]+)"/g),
      ].map(([, other]) => other);
      const methods = (await app.http.get(`/v1/nodes/${name}/vendor_passthru/methods`)).json<object>();
      const called = [
        ...README.matchAll(/^(?:JOB=\$\()?ferrule call (?!--)(\S+) (\w+)/gm),
        ...README.matchAll(/(?:6385\/v1|\$API)\/nodes\/(\w[\w-]*)\/vendor_passthru\/(\w+)/g),
      ].map(([, node = '', method = '']) => ({ node, method }));
      expect(called.length).toBeGreaterThan(6);
      expect(called.filter(({ node }) => node !== name && !others.includes(node))).toEqual([]);
      const known = Object.keys(methods);
      expect(
        called.filter(({ node, method }) => node === name && method !== 'methods' && !known.includes(method)),
      ).toEqual([]);
      const printed: string[] = [];
      const out = { print: (text: string) => printed.push(text), complain: () => {} };
      const [, shownCall = ''] = /^ferrule (fleet-call .*)$/m.exec(README) ?? [];
      expect(await run(shownCall.split(' '), { FERRULE_URL: app.http.base }, out)).toBe(0);
      expect(printed.join('\n')).toContain('is finished: 1 node, 1 succeeded.');
      (await app.http.post('/v1/fleet_calls', JSON.parse(block('Fleet calls', 'json')))).expect(202);
      const [version = ''] = /^VERSION=.*$/m.exec(README) ?? [];
      for (const title of ['Repeating safely', 'What would happen']) {
        const shown = block(title, 'sh').replace(/^curl /m, 'curl -sS --fail-with-body ');
        const script = `API=${app.http.base}/v1\n${version}\n${shown}`;
        const { stdout } = await promisify(execFile)('bash', ['-c', script]);
        expect(JSON.parse(stdout)).toMatchObject(title.startsWith('What') ? { would: 200 } : { nodes: 1 });
      }
    } finally {
      await app.close();
    }
  });
});

describe("the README's driver", () => {
  const [dependency, author, application] = ['kit', 'acme', 'app'];
  let folder: string;
  let service: TestApp;

  function install(source: string, name: string): void {
    const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], {
      cwd: source,
      encoding: 'utf8',
    });
    const target = join(folder, application, 'node_modules', name);
    mkdirSync(target, { recursive: true });
    execFileSync('tar', ['-xzf', join(folder, packed.trim()), '-C', target, '--strip-components=1']);
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ferrule-readme-'));
    // Linked, so that nothing is downloaded.
    mkdirSync(join(folder, 'node_modules'));
    for (const name of ['@nestjs', 'zod', 'reflect-metadata', 'rxjs', 'tslib', '@types']) {
      symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
    }
    mkdirSync(join(folder, application), { recursive: true });
    writeFileSync(
      join(folder, application, 'package.json'),
      JSON.stringify({ name: 'app', dependencies: { 'ferrule-driver-acme': '1.0.0' } }),
    );
    install(join(ROOT, 'libs', 'driver-kit'), '@ferrule/driver-kit');
    cpSync(join(folder, application, 'node_modules', '@ferrule'), join(folder, 'node_modules', '@ferrule'), {
      recursive: true,
    });

    mkdirSync(join(folder, author, 'src'), { recursive: true });
    writeFileSync(join(folder, author, 'package.json'), block('Write a driver', 'json'));
    writeFileSync(join(folder, author, 'src', 'index.ts'), block('Write a driver', 'ts'));
    // The example of the reference must compile, too.
    writeFileSync(join(folder, author, 'src', 'settings.ts'), block('Settings', 'ts', 0, REFERENCE));
    writeFileSync(join(folder, author, 'tsconfig.json'), block('Write a driver', 'json', 1));
    execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc')], {
      cwd: join(folder, author),
      stdio: 'pipe',
    });
    install(join(folder, author), 'ferrule-driver-acme');
    service = await startApp({
      FERRULE_DRIVER_ROOT: join(folder, application),
      FERRULE_ENABLED_HARDWARE_TYPES: 'acme-xr',
    });
    const node = { driver: 'acme-xr', name: 'x1', driver_info: { acme_address: '10.0.0.7' } };
    (await service.http.post('/v1/nodes', node)).expect(201);
  });
  afterAll(async () => {
    await service?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it(`is compiled, packed, installed and enabled, with a copy of the ${dependency} of its own`, async () => {
    const { drivers } = (await service.http.get('/v1/drivers')).json<{ drivers: { name: string }[] }>();
    expect(drivers.map(({ name }) => name)).toEqual(['acme-xr']);
  });

  it('gets its services injected, and sends its attachment', async () => {
    const answer = (await service.http.get('/v1/nodes/x1/vendor_passthru/event_log')).expect(200);
    expect(answer.text).toBe('10.0.0.7: nothing to report\n');
    expect(answer.headers['content-disposition']).toBe('attachment; filename="events.txt"');
  });

  it('answers at the driver level', async () => {
    const answer = await service.http.get('/v1/drivers/acme-xr/vendor_passthru/catalogue');
    expect(answer.expect(200).json()).toEqual({ bios: ['1.0', '1.1'], bmc: ['7'] });
  });

  it('has its arguments and its driver_info checked', async () => {
    const flash = await service.http.post('/v1/nodes/x1/vendor_passthru/flash_firmware', {
      image: 'http://x',
    });
    expect(flash.expect(400).fault.faultstring).toContain(
      "Invalid parameter 'image' for method 'flash_firmware': must be an https URL.",
    );
    (await service.http.post('/v1/nodes', { driver: 'acme-xr', name: 'x2' })).expect(201);
    const log = await service.http.get('/v1/nodes/x2/vendor_passthru/event_log');
    expect(log.expect(400).fault.faultstring).toContain("['acme_address']");
  });

  describeWithProgram('curl')('with curl', () => {
    it('answers the calls that are shown', async () => {
      const script = [
        'set -euo pipefail',
        `API=${service.http.base}/v1`,
        "VERSION='X-OpenStack-Ironic-API-Version: latest'",
        block('Write a driver', 'sh', 2).replaceAll('curl -s', 'echo; curl -sS --fail'),
      ];
      const { stdout } = await promisify(execFile)('bash', ['-c', script.join('\n')], { cwd: folder });
      expect(stdout).toContain('"name":"xr1"');
      expect(stdout).toContain('192.0.2.9: nothing to report');
      const [, job] = /"jobs":\[\{"id":"([^"]+)"/.exec(stdout) ?? [];
      expect(await ended(service.http, `/v1/jobs/${job}`)).toMatchObject({
        state: 'succeeded',
        result: { component: 'bmc', flashed: true },
      });
    });
  });
});
