import { spawn } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DriverName, type Language, writePackage } from 'create-ferrule-driver';
import { Child } from '../support/child.js';
import { freePort } from '../support/free-port.js';
import { HttpClient } from '../support/http-client.js';
import { childrenOf, isAlive, processesOf } from '../support/processes.js';
import { ROOT } from '../support/readme.js';
import { until } from '../support/until.js';

const PROGRAM = join(ROOT, 'bin', 'ferrule.mjs');

describe('ferrule dev', () => {
  let folder: string;
  let temporary: string;
  let running: Child | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ferrule-e2e-dev-'));
    temporary = mkdtempSync(join(tmpdir(), 'ferrule-e2e-tmp-'));
    // As root the database runs as nobody, who must be able to enter.
    chmodSync(temporary, 0o755);
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  });
  afterEach(async () => {
    await running?.kill('SIGINT');
    running = undefined;
    for (const each of [folder, temporary]) rmSync(each, { recursive: true, force: true });
  });

  function write(language: Language): string {
    const driver = join(folder, 'driver');
    writePackage({ name: DriverName.parse('rack'), folder: driver, language });
    return driver;
  }

  function start(driver: string, env: NodeJS.ProcessEnv = {}): Child {
    running = new Child(
      spawn(process.execPath, [PROGRAM, 'dev', driver], {
        // The compiler caches its own code in TMPDIR on Node.js 22 and later.
        env: {
          ...process.env,
          NODE_DISABLE_COMPILE_CACHE: '1',
          FERRULE_PORT: '0',
          TMPDIR: temporary,
          ...env,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
    return running;
  }

  /** Gives a package a TypeScript like version 7: a program that starts another, and no library. */
  function withProgramOnly(driver: string): void {
    const typescript = join(driver, 'node_modules', 'typescript');
    mkdirSync(typescript, { recursive: true });
    const exports = { '.': './version.cjs', './package.json': './package.json' };
    writeFileSync(join(typescript, 'package.json'), JSON.stringify({ bin: { tsc: 'tsc.cjs' }, exports }));
    writeFileSync(join(typescript, 'version.cjs'), "exports.version = '7.0.0';");
    const real = JSON.stringify(join(ROOT, 'node_modules/typescript/bin/tsc'));
    const arguments_ = `[${real}, ...process.argv.slice(2)], { stdio: 'inherit' }`;
    writeFileSync(
      join(typescript, 'tsc.cjs'),
      `require('child_process').execFileSync(process.execPath, ${arguments_});`,
    );
  }

  /** Lines up to one that matches. */
  async function linesTo(child: Child, pattern: RegExp): Promise<string[]> {
    const lines: string[] = [];
    do lines.push(await child.line());
    while (!pattern.test(lines.at(-1) ?? ''));
    return lines;
  }

  function edit(file: string, from: string, to: string): void {
    const text = readFileSync(file, 'utf8');
    if (!text.includes(from)) throw new Error(`${file} lacks ${from}.`);
    writeFileSync(file, text.replace(from, to));
  }

  it.each([
    ['typescript', 'src/rack.client.ts'],
    ['javascript', 'src/rack.client.js'],
  ] as const)(
    'serves a package in %s, prints calls that work, and restarts after a change that builds',
    async (language, source) => {
      const driver = write(language);
      // A port that stays the same when the service restarts.
      const port = await freePort();
      const child = start(driver, {
        FERRULE_PORT: String(port),
        FERRULE_DATABASE_URL: 'postgres://nowhere.invalid/x',
      });
      const lines = await linesTo(child, /Ctrl-C stops it/);
      const client = new HttpClient(`http://127.0.0.1:${port}`);
      await until(async () => (await client.get('/readyz')).status === 200);
      const commands = lines.filter((line) => line.startsWith('  curl'));
      for (const name of ['set_led', 'flash_firmware', 'event_log', 'status', 'catalogue']) {
        expect(commands.join('\n')).toContain(`/vendor_passthru/${name} `);
      }
      for (const command of commands) {
        const [, url = ''] = /(http:\S+)/.exec(command) ?? [];
        const [, body] = /--json '(.*)'/.exec(command) ?? [];
        const { pathname } = new URL(url.replace(/'$/, ''));
        const answer =
          body === undefined ? await client.get(pathname) : await client.post(pathname, JSON.parse(body));
        expect(`${command}: ${answer.status} ${answer.status < 300 ? '' : answer.text}`).toMatch(
          /: 20[012] $/,
        );
      }

      const temperature = async () => {
        const answer = await client.get('/v1/nodes/n1/vendor_passthru/status').catch(() => undefined);
        return answer?.status === 200 ? answer.json<{ temperature: number }>().temperature : undefined;
      };
      expect(await temperature()).toBe(41);
      edit(join(driver, source), 'temperature: 41', 'temperature: 42');
      // The node is still there: only the service restarts.
      await until(async () => (await temperature()) === 42);
      await linesTo(child, /^Restarted in \d+ ms\.$/);

      // Files that are gone are written again, and a file that is replaced by another is noticed.
      rmSync(join(driver, 'dist'), { recursive: true, force: true });
      const changed = readFileSync(join(driver, source), 'utf8').replace(
        'temperature: 42',
        'temperature: 43',
      );
      writeFileSync(join(driver, '.changed'), changed);
      renameSync(join(driver, '.changed'), join(driver, source));
      await until(async () => (await temperature()) === 43);
      await linesTo(child, /^Restarted in \d+ ms\.$/);

      expect(processesOf(temporary).length).toBeGreaterThan(0);
      child.process.kill('SIGINT');
      expect(await child.ended()).toBe(0);
      await until(() => processesOf(temporary).length === 0);
      expect(readdirSync(temporary)).toEqual([]);
    },
  );

  it('starts the service after a change that mends it', async () => {
    const driver = write('javascript');
    const source = join(driver, 'src/index.js');
    edit(source, 'kit: 1', 'kit: 99');
    const child = start(driver);
    await until(() => child.complaints.includes('The service did not start.'));
    expect(child.complaints).toContain('it was written for kit 99');
    edit(source, 'kit: 99', 'kit: 1');
    await linesTo(child, /Ctrl-C stops it/);
  });

  it('builds with TypeScript 7, and leaves no process when it is killed', async () => {
    const driver = write('typescript');
    withProgramOnly(driver);
    const child = start(driver);
    await linesTo(child, /Ctrl-C stops it/);
    // The compiler, the service and the one that stands by.
    await until(() => childrenOf(child.process.pid ?? 0).length >= 3);
    const own = childrenOf(child.process.pid ?? 0);
    const children = [
      ...own,
      ...own.flatMap((pid) => childrenOf(pid).flatMap((tsc) => [tsc, ...childrenOf(tsc)])),
    ];
    appendFileSync(join(driver, 'src/rack.client.ts'), "\nexport const wrong: number = 'text';\n");
    await until(() => child.complaints.includes('Not built; the service goes on as it was.'));
    expect(child.complaints).toMatch(/^src\/rack\.client\.ts\(\d+,14\): error TS2322: /m);
    await child.kill('SIGKILL');
    await until(() => processesOf(temporary).length === 0 && !children.some(isAlive));
  });

  it('ends a start that hangs when the driver changes', async () => {
    const driver = write('javascript');
    const source = join(driver, 'src/index.js');
    const hang = "console.error('hangs'); await new Promise(() => setInterval(() => {}, 1000));\n";
    writeFileSync(source, `${readFileSync(source, 'utf8')}${hang}`);
    const child = start(driver);
    await until(() => child.complaints.includes('hangs'));
    edit(source, hang, '');
    await linesTo(child, /Ctrl-C stops it/);
    expect(child.complaints).not.toContain('did not start');
  });

  it.each([
    ['{ "name": "x" }', 'declares no drivers'],
    ['{', 'cannot be read'],
    [undefined, 'has no package.json: run "ferrule dev" in the folder of a driver package.'],
  ])('refuses a folder with package.json %j', async (manifest, message) => {
    if (manifest !== undefined) writeFileSync(join(folder, 'package.json'), manifest);
    const child = start(folder);
    expect(await child.ended()).toBe(1);
    expect(child.complaints).toContain(message);
    expect(existsSync(temporary) && readdirSync(temporary)).toEqual([]);
  });
});
