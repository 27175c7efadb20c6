import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replaceFile } from './replace-file.js';

describe('replaceFile', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ferrule-replace-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const modeOf = (path: string) => statSync(path).mode & 0o777;

  it.each([0o600, 0o640, 0o644])('keeps the mode %i of a file', async (mode) => {
    const path = join(folder, String(mode));
    writeFileSync(path, 'before');
    chmodSync(path, mode);
    await replaceFile(path, (text) => `${text} and after`);
    expect(readFileSync(path, 'utf8')).toBe('before and after');
    expect(modeOf(path)).toBe(mode);
  });

  it('makes a new file for its owner only', async () => {
    const path = join(folder, 'new');
    await replaceFile(path, () => 'x');
    expect(modeOf(path)).toBe(0o600);
  });
});
