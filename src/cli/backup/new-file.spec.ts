import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { writeNewFile } from './new-file.js';

describe('writeNewFile', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ferrule-new-file-'));
    file = join(folder, 'backup');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const fill = (target: Writable) => pipeline([Buffer.from('whole')], target);

  it('writes a file for its owner only', async () => {
    await writeNewFile(file, fill);
    expect(readFileSync(file, 'utf8')).toBe('whole');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['backup']);
  });

  it('leaves nothing behind when it fails', async () => {
    const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    const breakOff = async function* () {
      yield Buffer.from('half');
      throw full;
    };
    await expect(writeNewFile(file, (target) => pipeline(breakOff, target))).rejects.toThrow(
      `The file ${file} cannot be written: no space left on device.`,
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it('keeps a file that is there, also one that another process wrote meanwhile', async () => {
    const write = async (target: Writable): Promise<void> => {
      await fill(target);
      writeFileSync(file, 'theirs');
    };
    await expect(writeNewFile(file, write)).rejects.toThrow(`There is a file ${file} already`);
    await expect(writeNewFile(file, fill)).rejects.toThrow(`There is a file ${file} already`);
    expect([readdirSync(folder), readFileSync(file, 'utf8')]).toEqual([['backup'], 'theirs']);
  });

  it('says where it cannot write', async () => {
    await expect(writeNewFile(join(folder, 'no', 'backup'), fill)).rejects.toThrow(
      /cannot be written: ENOENT/,
    );
  });
});
