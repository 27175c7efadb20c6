import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { jest } from '@jest/globals';
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

  /** Resolves when a change is reported after it was made. */
  async function told(change: () => void): Promise<void> {
    const next = new Promise<void>((resolve) => waiting.push(resolve));
    change();
    await next;
  }

  function replace(file: string, text: string): void {
    writeFileSync(join(folder, '.new'), text);
    renameSync(join(folder, '.new'), file);
  }

  it('reports each replacement of a file by another, and writes after it', async () => {
    const file = join(folder, 'src', 'index.js');
    for (const text of ['1', '2', '3']) await told(() => replace(file, text));
    await told(() => writeFileSync(file, '4'));
  });

  it('reports changes in a folder that is new', async () => {
    await told(() => mkdirSync(join(folder, 'src', 'more')));
    await told(() => writeFileSync(join(folder, 'src', 'more', 'x.js'), '1'));
  });
});

describe('a downloaded file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ferrule-watch-'));
  let reported = 0;
  let stop = (): void => {};
  const settle = async (): Promise<void> => {
    for (let turns = 0; jest.getTimerCount() === 0 && turns < 100_000; turns++) await setImmediate();
    jest.advanceTimersByTime(50);
  };

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    stop = watchFolder(folder, { changed: () => reported++, failed: () => {} });
  });
  afterEach(() => {
    stop();
    jest.useRealTimers();
    rmSync(folder, { recursive: true });
  });

  it('is not reported', async () => {
    for (const name of ['events.log', 'Sel.json']) {
      writeFileSync(join(folder, name), '1');
      await settle();
    }
    expect(reported).toBe(0);
    for (let turns = 0; reported === 0 && turns < 100; turns++) {
      writeFileSync(join(folder, 'x.js'), String(turns));
      await settle();
    }
    expect(reported).toBe(1);
  });
});

describe('a folder that cannot be watched', () => {
  const failuresOf = (code: string): string[] => {
    const failures: string[] = [];
    const events = { changed: () => {}, failed: ({ message }: Error) => failures.push(message) };
    const stop = watchFolder(join(tmpdir(), 'ferrule-nothing'), events, () => {
      throw Object.assign(new Error(code), { code });
    });
    stop();
    return failures;
  };

  it('is left out if it was removed meanwhile', () => expect(failuresOf('ENOENT')).toEqual([]));

  it('is reported otherwise', () => expect(failuresOf('ENOSPC')).toEqual(['ENOSPC']));
});

it.each([
  ['index.js', true, true],
  ['package.json', true, true],
  ['Sel.json', true, false],
  ['table.json', false, true],
  ['parts', true, true],
  ['events.log', false, false],
])('takes %s for code, at the top: %s: %s', (name, isAtTop, expected) => {
  expect(isCode(name, isAtTop)).toBe(expected);
});
