import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withFileLock } from './file-lock.js';
import { startOf } from './process-identity.js';

describe('withFileLock', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ferrule-lock-'));
    file = join(folder, 'lock');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('runs one action at a time, and leaves no file behind', async () => {
    let inside = 0;
    let most = 0;
    const visit = async () => {
      most = Math.max(most, ++inside);
      await new Promise(setImmediate);
      inside--;
    };
    await Promise.all(Array.from({ length: 5 }, () => withFileLock(file, 10_000, visit)));
    expect(most).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([
    ['a text with blanks', () => 'Thu Nov 26 23:52:44 2026'],
    ['unknown', () => undefined],
  ])('excludes others if the start of a process is %s', async (_, identify) => {
    await withFileLock(
      file,
      1_000,
      async () => {
        const other = withFileLock(file, 50, async () => {}, undefined, identify);
        await expect(other).rejects.toThrow(`held by the process ${process.pid}`);
      },
      undefined,
      identify,
    );
  });

  it('takes over from a dead process if its start is unknown', async () => {
    const { pid } = spawnSync('true');
    writeFileSync(file, `{"pid":${pid},"id":"x"}\n`);
    await expect(withFileLock(file, 5_000, () => Promise.resolve('in'))).resolves.toBe('in');
  });

  it('is released after an error', async () => {
    await expect(withFileLock(file, 1_000, () => Promise.reject(new Error('inside')))).rejects.toThrow(
      'inside',
    );
    expect(existsSync(file)).toBe(false);
  });

  it('takes over from a dead process, also if its id is in use again', async () => {
    writeFileSync(file, `{"pid":${process.pid},"start":"another life","id":"x"}\n`);
    await expect(withFileLock(file, 5_000, () => Promise.resolve('in'))).resolves.toBe('in');
  });

  it('takes over a file that stayed empty', async () => {
    writeFileSync(file, '');
    utimesSync(file, 1, 1);
    await expect(withFileLock(file, 5_000, () => Promise.resolve('in'))).resolves.toBe('in');
  });

  it('gives up while a live process holds it, and names the process', async () => {
    writeFileSync(file, `${JSON.stringify({ pid: process.ppid, start: startOf(process.ppid), id: 'x' })}\n`);
    await expect(withFileLock(file, 50, () => Promise.resolve())).rejects.toThrow(
      `held by the process ${process.ppid}`,
    );
  });
});
