import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { KEYSTONE_PROGRAMS } from '../support/keystone.js';
import { hasProc, processesOf } from '../support/processes.js';
import { describeOnlyWhere } from '../support/require.js';
import { until } from '../support/until.js';

const ROOT = resolve(import.meta.dirname, '../..');
const LIB = join(ROOT, 'scripts', 'lib');
const urlOf = (name: string, lib = LIB) => JSON.stringify(pathToFileURL(join(lib, name)).href);

describe('the scripts of npm', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ferrule-scripts-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };

  describeOnlyWhere(hasProc, 'processes are seen in /proc')('interrupted while a program runs', () => {
    it.each([
      ['ends by itself', ''],
      ['ignores the signal', "process.on('SIGINT', () => {});"],
    ])('end after it when it %s, and after its children', async (_how, reaction) => {
      const grandchild = write(
        'grandchild.mjs',
        "process.on('SIGINT', () => {}); setInterval(() => {}, 1_000); console.log('running');",
      );
      const program = write(
        'program.mjs',
        `import { spawn } from 'node:child_process';
          ${reaction}
          spawn(process.execPath, [${JSON.stringify(grandchild)}], { stdio: 'inherit' });
          setInterval(() => {}, 1_000);`,
      );
      const script = write(
        'script.mjs',
        `const { runNode } = await import(${urlOf('run.mjs')});
          await runNode(${JSON.stringify(program)}, []);
          console.log('went on');`,
      );
      const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
      await until(() => output === 'running\n');
      child.kill('SIGINT');
      expect(await once(child, 'exit')).toEqual([130, null]);
      await until(() => processesOf(folder).length === 0);
      expect(output).toBe('running\n');
    });

    it('end after the first of two programs, and leave none of the other', async () => {
      const programs = ['', "process.on('SIGINT', () => {});"].map((reaction, index) =>
        write(`program-${index}.mjs`, `${reaction} setInterval(() => {}, 1_000); console.log('running');`),
      );
      const script = write(
        'script.mjs',
        `const { runNode } = await import(${urlOf('run.mjs')});
          await Promise.all(${JSON.stringify(programs)}.map((program) => runNode(program, [])));`,
      );
      const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
      await until(() => output === 'running\nrunning\n');
      child.kill('SIGINT');
      expect(await once(child, 'exit')).toEqual([130, null]);
      await until(() => processesOf(folder).length === 0);
    });
  });

  it('install again what an interrupted installation left', async () => {
    cpSync(LIB, join(folder, 'scripts', 'lib'), { recursive: true });
    const packages = { '': {}, 'node_modules/a': { version: '1.0.0' } };
    write('package-lock.json', JSON.stringify({ packages }));
    const { isInstalled } = (await import(
      pathToFileURL(join(folder, 'scripts', 'lib', 'install.mjs')).href
    )) as { isInstalled: () => boolean };
    // npm has begun, and has not written its list of what is installed.
    mkdirSync(join(folder, 'node_modules', 'a'), { recursive: true });
    write('node_modules/a/package.json', JSON.stringify({ name: 'a', version: '1.0.0' }));
    expect(isInstalled()).toBe(false);
    write('node_modules/.package-lock.json', JSON.stringify({ packages }));
    expect(isInstalled()).toBe(true);
  });
});

it('.ci/run installs each program that `describeWithProgram` names', () => {
  const tests = ['test', 'libs', 'src'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.spec.ts') && !name.includes('node_modules'))
      .map((name) => readFileSync(join(ROOT, folder, name), 'utf8')),
  );
  const calls = tests.flatMap((text) => text.match(/describeWithProgram\([^)]*\)/g) ?? []);
  const needed = calls.flatMap((each) => [...each.matchAll(/'([^']+)'/g)].map(([, program = '']) => program));
  expect(needed.length).toBeGreaterThan(10);
  const script = readFileSync(join(ROOT, '.ci', 'run'), 'utf8');
  const installed = [...script.matchAll(/^ {2}\[(\S+)\]=/gm)].map(([, program]) => program);
  expect([...needed, ...KEYSTONE_PROGRAMS].filter((program) => !installed.includes(program))).toEqual([]);
});

it('README.md names each version of Node.js that test:nodes runs, and until when it is supported', () => {
  const script = readFileSync(join(ROOT, 'scripts', 'test-nodes.mjs'), 'utf8');
  const [, table = ''] = /^const VERSIONS = \{(.*)\};$/m.exec(script) ?? [];
  const versions = [...table.matchAll(/'([\d.]+)'/g)].map(([, version = '']) => version);
  expect(versions.length).toBeGreaterThan(2);
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const [, sentences = ''] = /`npm run test:nodes`\s([\s\S]*?)The first `npm start`/.exec(readme) ?? [];
  for (const version of versions) {
    expect(sentences).toContain(version);
    const [major = ''] = version.split('.');
    expect(sentences).toMatch(
      new RegExp(`\\b${major} until\\s+April\\s+20\\d\\d|Version ${major}, which gets none any more`),
    );
  }
});
