import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

/** With the environment of a shell: that of jest would be taken for jest. */
function run(...args: readonly string[]) {
  const own = Object.entries(process.env).filter(([name]) => !/^(?:JEST|NODE_)/.test(name));
  const { stdout, status } = spawnSync(process.execPath, args, {
    cwd: ROOT,
    env: Object.fromEntries(own),
    encoding: 'utf8',
    timeout: 120_000,
  });
  return { output: stdout, status };
}

describe('node --test', () => {
  let output: string;
  let status: number | null;

  beforeAll(() => {
    ({ output, status } = run('--test', '--test-reporter=tap', 'test/fixtures/driver-stray/stray.check.mjs'));
  });

  const stateOf = (rule: string) => new RegExp(`^ *(ok|not ok) \\d+ - ${rule} .*$`, 'm').exec(output);

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
      expect(same).toEqual({ output: 'No change breaks callers.\n', status: 0 });
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

  it('refuses unknown arguments', () => {
    expect(run(PROGRAM, '--what').status).toBe(2);
  });
});
