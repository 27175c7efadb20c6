import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isCode, watchFolder } from './watch-folder.js';

describe('watchFolder', () => {
  let folder: string;
  let stop = (): void => {};
  let waiting: (() => void)[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ferrule-watch-'));
    mkdirSync(join(folder, 'src'));
    writeFileSync(join(folder, 'src', 'index.js'), '0');
    waiting = [];
    stop = watchFolder(folder, {
      changed: () => waiting.splice(0).forEach((tell) => tell()),
      failed: (error) => {
        throw error;
      },
    });
  });
  afterEach(() => {
    stop();
    rmSync(folder, { recursive: true });
  });

  /** Resolves when a change is told after it was made. */
  async function told(change: () => void): Promise<void> {
    const next = new Promise<void>((resolve) => waiting.push(resolve));
    change();
    await next;
  }

  function replace(file: string, text: string): void {
    writeFileSync(join(folder, '.new'), text);
    renameSync(join(folder, '.new'), file);
  }

  it('tells each replacement of a file by another, and writes after it', async () => {
    const file = join(folder, 'src', 'index.js');
    for (const text of ['1', '2', '3']) await told(() => replace(file, text));
    await told(() => writeFileSync(file, '4'));
  });

  it('tells changes in a folder that is new', async () => {
    await told(() => mkdirSync(join(folder, 'src', 'more')));
    await told(() => writeFileSync(join(folder, 'src', 'more', 'x.js'), '1'));
  });
});

it.each([
  ['index.js', true],
  ['package.json', true],
  ['parts', true],
  ['events.log', false],
])('takes %s for code: %s', (name, expected) => {
  expect(isCode(name)).toBe(expected);
});
