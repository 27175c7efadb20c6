import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DriverName, writePackage } from 'create-ferrule-driver';

const ROOT = resolve(import.meta.dirname, '../..');

/** With the variables of the runner that runs this test, and without those of Node. */
function run(...args: readonly string[]) {
  const own = Object.entries({ VITEST: 'true', ...process.env }).filter(
    ([name]) => !name.startsWith('NODE_'),
  );
  const { stdout, stderr, status } = spawnSync(process.execPath, args, {
    cwd: ROOT,
    env: Object.fromEntries(own),
    encoding: 'utf8',
    timeout: 120_000,
  });
  return { output: stdout, complaints: stderr, status };
}

describe('node --test', () => {
  let output: string;
  let status: number | null;

  beforeAll(() => {
    ({ output, status } = run('--test', '--test-reporter=tap', 'test/fixtures/driver-stray/stray.check.mjs'));
  });

  const stateOf = (rule: string) => new RegExp(`^ *(ok|not ok) \\d+ - ${rule}(?: .*)?$`, 'm').exec(output);

  it('runs the conformance kit', () => {
    expect(stateOf('module-starts')?.[1]).toBe('ok');
    expect(stateOf('args-refused')?.[1]).toBe('ok');
    expect(stateOf('stop-clean')?.[1]).toBe('ok');
    expect(stateOf('by-hand-waits')?.[0]).toContain('# SKIP');
  });

  it('shows an error that nobody caught', () => {
    expect(status).toBe(1);
    expect(stateOf('no-stray-errors')?.[1]).toBe('not ok');
    expect(output).toContain('nobody caught this');
  });

  it('goes on after a stray error that ended a call, and fails for one of its own', () => {
    expect(stateOf('a call of startHost fails')?.[1]).toBe('ok');
    expect(stateOf('an error of the test itself')?.[1]).toBe('not ok');
    expect(output).toContain('the test is at fault');
  });

  it('shows who would have ended the process', () => {
    expect(output).toContain('The driver called process.exit(3), which would end the service.');
    expect(output).toContain('StrayVendor.leave');
  });
});

describe('vitest', () => {
  it('runs the conformance kit', () => {
    // It writes a cache there.
    const root = mkdtempSync(join(tmpdir(), 'ferrule-vitest-'));
    const check = join(ROOT, 'test/fixtures/driver-stray/stray.check.mjs');
    writeFileSync(join(root, 'stray.test.mjs'), `import ${JSON.stringify(check)};`);
    const { complaints, status } = run(
      'node_modules/vitest/vitest.mjs',
      'run',
      '--root',
      root,
      '--reporter=default',
      '--reporter=json',
      '--outputFile.json=results.json',
    );
    const results = readFileSync(join(root, 'results.json'), 'utf8');
    rmSync(root, { recursive: true });
    const { testResults } = JSON.parse(results) as {
      testResults: { assertionResults: { title: string; status: string }[] }[];
    };
    const stateOf = (rule: string) =>
      testResults[0]?.assertionResults.find(({ title }) => `${title} `.startsWith(`${rule} `))?.status;
    expect(['module-starts', 'args-refused', 'stop-clean'].map(stateOf)).toEqual(Array(3).fill('passed'));
    expect(stateOf('by-hand-waits')).toBe('skipped');
    expect(stateOf('no-stray-errors')).toBe('failed');
    expect(stateOf('a call of startHost fails')).toBe('passed');
    expect(complaints).toContain('the test is at fault');
    expect(complaints).toContain('caught 1 unhandled error');
    expect(status).toBe(1);
  });
});

describe('ferrule-check', () => {
  const PROGRAM = 'libs/driver-testing/bin/ferrule-check.mjs';

  it('prints the rules', () => {
    const { output, status } = run(PROGRAM);
    expect(status).toBe(0);
    expect(output).toMatch(/^method-described +bronze +machine +Methods have a description\.$/m);
    expect(output).toMatch(/^by-hand-waits +bronze +by hand +/m);
    const [, rules, machine] = /(\d+) rules, (\d+) of them checked by the machine\.$/m.exec(output) ?? [];
    expect(Number(rules)).toBeGreaterThanOrEqual(45);
    expect(Number(machine) / Number(rules)).toBeGreaterThanOrEqual(0.8);
  });

  it('prints them as JSON', () => {
    const rules = JSON.parse(run(PROGRAM, '--json').output) as object[];
    expect(rules[0]).toEqual({
      id: 'module-declared',
      grade: 'bronze',
      machine: true,
      title: 'The module has @DriverModule, for this version of the kit.',
    });
  });

  it('says what breaks callers of a packed version', () => {
    const folder = 'test/fixtures/driver-stray';
    const old = mkdtempSync(join(tmpdir(), 'ferrule-old-'));
    try {
      cpSync(join(ROOT, folder), join(old, 'package'), { recursive: true });
      const tarball = join(old, 'old.tgz');
      const pack = () => execFileSync('tar', ['-czf', tarball, '-C', old, 'package']);
      pack();
      const same = run(PROGRAM, '--against', tarball, folder);
      expect(same).toEqual({ output: 'No change breaks callers.\n', complaints: '', status: 0 });
      const file = join(old, 'package', 'index.mjs');
      writeFileSync(file, readFileSync(file, 'utf8').replace("['POST'], async: false", "['POST', 'PUT']"));
      pack();
      const changed = run(PROGRAM, '--against', tarball, folder);
      expect(changed.status).toBe(1);
      expect(changed.output).toBe(
        'stray.forget: it may no longer be called by PUT\nstray.forget: it is synchronous now\n',
      );
      expect(readdirSync(join(ROOT, folder)).filter((name) => name.startsWith('.'))).toEqual([]);
    } finally {
      rmSync(old, { recursive: true });
    }
  });

  it.each(['libs/driver-fake', 'libs/driver-ipmi', 'libs/driver-redfish'])(
    'finds the reference page of %s up to date',
    (folder) => {
      const { output, status } = run(PROGRAM, 'docs', '--check', folder);
      expect(output).toBe('REFERENCE.md is up to date.\n');
      expect(status).toBe(0);
    },
  );

  it('writes the reference page of a new driver, and says where it is out of date', () => {
    const parent = mkdtempSync(join(tmpdir(), 'ferrule-page-'));
    try {
      symlinkSync(join(ROOT, 'node_modules'), join(parent, 'node_modules'));
      const folder = join(parent, 'driver');
      writePackage({ name: DriverName.parse('rack'), folder, language: 'javascript' });
      const check = () => run(PROGRAM, 'docs', '--check', folder);
      expect(check()).toEqual({ output: 'REFERENCE.md is up to date.\n', status: 0, complaints: '' });

      const page = join(folder, 'REFERENCE.md');
      const written = readFileSync(page, 'utf8');
      writeFileSync(page, written.replace('What is flashed.', 'What it is.'));
      const { complaints, status } = check();
      expect(status).toBe(1);
      expect(complaints).toMatch(
        /^REFERENCE\.md is out of date, from line \d+: write it with "npx ferrule-check docs"\.\n {2}it has: .*What it is.*\n {2}the code: .*What is flashed.*\n$/,
      );

      expect(run(PROGRAM, 'docs', folder).output).toBe('REFERENCE.md is written.\n');
      expect(readFileSync(page, 'utf8')).toBe(written);
      rmSync(page);
      expect(check().complaints).toBe('REFERENCE.md is missing: write it with "npx ferrule-check docs".\n');
    } finally {
      rmSync(parent, { recursive: true });
    }
  });

  it.each([
    [['--what'], "Unknown option '--what'"],
    [['docs', 'a', 'b'], 'unexpected argument b'],
    [['\u001b[31m'], 'unexpected argument \\u001b[31m'],
  ])('refuses the arguments %j', (args, message) => {
    const { status, complaints } = run(PROGRAM, ...args);
    expect(complaints).toContain(message);
    expect(status).toBe(2);
  });
});
