import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from './make-folder.js';

describe('makeFolder', () => {
  let base: string;
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'ferrule-folder-'));
  });
  afterEach(() => rmSync(base, { recursive: true }));

  it('makes the folders above, too, and leaves an existing one', () => {
    const path = join(base, 'a', 'b');
    makeFolder(path, 0o700);
    makeFolder(path, 0o755);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(statSync(join(base, 'a')).isDirectory()).toBe(true);
  });

  it('takes a link to a folder for one', () => {
    const link = join(base, 'link');
    symlinkSync(base, link);
    makeFolder(join(link, 'a'), 0o755);
    expect(statSync(join(base, 'a')).isDirectory()).toBe(true);
  });

  it.each([
    ['a file', 'EEXIST', () => writeFileSync(join(base, 'a'), '')],
    ['a link to nothing', 'EEXIST', () => symlinkSync(join(base, 'none'), join(base, 'a'))],
  ])('fails on %s', (_, code, make) => {
    make();
    expect(() => makeFolder(join(base, 'a'), 0o755)).toThrow(code);
  });

  const onLinux = process.platform === 'linux' ? it : it.skip;
  onLinux('returns where the file system refuses with ENOENT', () => {
    expect(() => makeFolder('/proc/ferrule/data', 0o755)).toThrow('ENOENT');
  });
});
