import { execFileSync } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileProblem, readText, watch, WatchedFile } from './watched-file.js';

describe('WatchedFile', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ferrule-watched-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'file');

  function parse(text: string): string {
    if (text.startsWith('bad')) throw new FileProblem(['it is bad']);
    return text;
  }

  it('has the content at once after each change, also after several of the same length in a row', () => {
    writeFileSync(path, '1');
    const file = new WatchedFile({ path, parse, interval: 0 });
    for (const text of ['2', '3', '4', '5']) {
      writeFileSync(path, text);
      expect(file.current).toBe(text);
    }
    writeFileSync(`${path}.new`, '6');
    renameSync(`${path}.new`, path);
    expect(file.current).toBe('6');
  });

  it('keeps what it had when the file becomes bad or vanishes, and says so once for each change', () => {
    writeFileSync(path, 'good');
    const file = new WatchedFile({ path, parse, interval: 0 });
    const problems: string[] = [];
    file.onProblem = (problem) => problems.push(problem);
    writeFileSync(path, 'bad');
    expect([file.current, file.current]).toEqual(['good', 'good']);
    expect(problems).toEqual([expect.stringContaining('it is bad')]);
    rmSync(path);
    expect([file.current, file.current]).toEqual(['good', 'good']);
    expect(problems).toEqual([expect.anything(), expect.stringContaining('cannot be read (ENOENT)')]);
    writeFileSync(path, 'new');
    expect(file.current).toBe('new');
  });

  it('keeps what it had when the new content cannot be put to use', () => {
    writeFileSync(path, 'good');
    const file = new WatchedFile({ path, parse, interval: 0 });
    const problems: string[] = [];
    file.onProblem = (problem) => problems.push(problem);
    file.onChange = (text) => {
      if (text === 'unusable') throw new Error('no use');
    };
    writeFileSync(path, 'unusable');
    expect(file.current).toBe('good');
    expect(problems).toEqual([expect.stringContaining('no use')]);
    writeFileSync(path, 'new');
    expect(file.current).toBe('new');
  });

  it('does not wait for a pipe, and reads no directory, device or large file', () => {
    writeFileSync(path, 'good');
    const file = new WatchedFile({ path, parse, interval: 0 });
    const problems: string[] = [];
    file.onProblem = (problem) => problems.push(problem);
    rmSync(path);
    execFileSync('mkfifo', [path]);
    expect(file.current).toBe('good');
    rmSync(path);
    writeFileSync(path, 'large');
    truncateSync(path, 1_073_741_824);
    expect(file.current).toBe('good');
    expect(problems).toEqual([
      expect.stringContaining('is not a regular file'),
      expect.stringContaining('has more than 1048576 bytes'),
    ]);
    rmSync(path);
    expect(() => readText(folder)).toThrow('is not a regular file');
    expect(() => readText('/dev/zero')).toThrow('is not a regular file');
  });

  it('is looked at while nobody uses it', async () => {
    writeFileSync(path, 'good');
    const file = new WatchedFile({ path, parse, interval: 0 });
    const changed = new Promise<string>((resolve) => {
      file.onChange = resolve;
    });
    const stop = watch([file], 1);
    writeFileSync(path, 'better');
    expect(await changed).toBe('better');
    stop();
  });

  it('fails at first if the file is bad or is not there', () => {
    writeFileSync(path, 'bad');
    expect(() => new WatchedFile({ path, parse, interval: 0 })).toThrow(FileProblem);
    expect(() => new WatchedFile({ path: join(folder, 'none'), parse, interval: 0 })).toThrow(FileProblem);
  });
});
