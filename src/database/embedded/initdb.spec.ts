import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { initdb } from './initdb.js';

describe('initdb', () => {
  let base: string;
  let path: string;
  const never = new AbortController().signal;
  const program = (script: string): { initdb: string } => {
    const file = join(base, 'initdb');
    writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return { initdb: file };
  };
  const folder = () => ({ path, account: undefined });

  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'ferrule-initdb-'));
    path = join(base, 'data');
    mkdirSync(path);
  });
  afterEach(() => rmSync(base, { recursive: true }));

  it('fails with what the program says, and removes the folder', async () => {
    const failed = initdb(program('echo no space >&2; exit 1'), folder(), never);
    await expect(failed).rejects.toThrow(`PostgreSQL's initdb failed in ${path}: no space`);
    expect(existsSync(path)).toBe(false);
  });

  it('is killed with its children when it does not end, and removes the folder', async () => {
    const failed = initdb(program('/bin/sleep 600 & /bin/sleep 600'), folder(), never, 50);
    await expect(failed).rejects.toThrow('it did not end within 0.05 s');
    expect(existsSync(path)).toBe(false);
  });

  it('is killed with its children by the signal', async () => {
    const stopping = new AbortController();
    const failed = initdb(program('/bin/sleep 600 & /bin/sleep 600'), folder(), stopping.signal);
    stopping.abort(new Error('stopped'));
    await expect(failed).rejects.toThrow('stopped');
  });
});
