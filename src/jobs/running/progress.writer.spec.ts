import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { type ProgressLine } from '../../database/progress-lines.js';
import { type ProgressRow } from '../record/job.repository.js';
import { ProgressWriter } from './progress.writer.js';

describe('ProgressWriter', () => {
  let written: Record<string, unknown>[];
  let lines: unknown[][][];
  let locked: Set<string>;
  let answer: () => Promise<void>;
  let writer: ProgressWriter;
  const asItIs = (text: string) => text;
  const [a, b] = [
    { id: 'a', adoption: 1 },
    { id: 'b', adoption: 2 },
  ];

  const jobs = {
    storeProgress: async (rows: readonly ProgressRow[]): Promise<string[]> => {
      written.push(Object.fromEntries(rows.map(({ id, progress }) => [id, JSON.parse(progress) as unknown])));
      lines.push(...rows.map((row) => linesOf(row)));
      const stored = rows.map(({ id }) => id).filter((id) => !locked.has(id));
      await answer();
      return stored;
    },
  };
  const linesOf = (row: ProgressRow) =>
    (JSON.parse(row.lines) as ProgressLine[]).map(({ number, message }) => [number, message]);
  const last = (id: string, isDone?: boolean) => writer.take(id, isDone)?.text ?? null;
  const taken = (id: string) => writer.take(id)?.lines.map(({ number, message }) => [number, message]);

  beforeEach(() => {
    jest.useFakeTimers();
    Logger.overrideLogger(false);
    [written, lines, locked] = [[], [], new Set()];
    answer = async () => {};
    writer = new ProgressWriter(jobs);
  });
  afterEach(() => jest.useRealTimers());

  it('writes the latest report of each job in one statement, at most twice a second', async () => {
    for (let percent = 0; percent <= 100; percent++) {
      writer.report(a, { percent }, asItIs);
      writer.report(b, { message: `at ${percent}` }, asItIs);
      await jest.advanceTimersByTimeAsync(10);
    }
    expect(written).toHaveLength(2);
    expect(written[1]).toEqual({
      a: { percent: 99, message: null },
      b: { percent: null, message: 'at 99' },
    });
  });

  it('reads a report when it is made, and lets the driver have the error if that fails', () => {
    let reads = 0;
    const once = {
      get percent() {
        if (reads++ > 0) throw new Error('read twice');
        return 5;
      },
    };
    writer.report(a, once, asItIs);
    expect(last('a')).toBe('{"percent":5,"message":null}');
    expect(() => writer.report(b, once, asItIs)).toThrow('read twice');
    expect(last('b')).toBeNull();
  });

  it('ends a job that succeeded at 100 percent, if it reported any', () => {
    for (const { id, adoption } of [a, b])
      writer.report({ id, adoption }, { percent: 25, message: 'x' }, asItIs);
    expect(last('a', true)).toBe('{"percent":100,"message":"x"}');
    expect(last('b', false)).toBe('{"percent":25,"message":"x"}');
    writer.report(a, { message: 'x' }, asItIs);
    expect(last('a', true)).toBe('{"percent":null,"message":"x"}');
  });

  it.each([
    ['a BigInt', { percent: 10n, message: 'x' }, { percent: null, message: 'x' }],
    ['a number as the message', { percent: 1, message: 5 }, { percent: 1, message: null }],
    ['a long message', { message: 'x'.repeat(5_000) }, { percent: null, message: `${'x'.repeat(4_096)}…` }],
    ['nothing', undefined, { percent: null, message: null }],
    ['half a character', { message: 'a\ud800' }, { percent: null, message: 'a\ufffd' }],
  ])('stores what it can of a report with %s', (_, report, stored) => {
    // As a driver in plain JavaScript may call it.
    Reflect.apply(writer.report, writer, [a, report, asItIs]);
    expect(JSON.parse(last('a') ?? '')).toEqual(stored);
  });

  it('leaves the last report to the statement that ends the job', async () => {
    writer.report(a, { percent: 1 }, asItIs);
    await jest.advanceTimersByTimeAsync(500);
    writer.report(a, { percent: 2 }, asItIs);
    expect(last('a')).toBe('{"percent":2,"message":null}');
    expect(last('a')).toBeNull();
    await jest.advanceTimersByTimeAsync(1_000);
    expect(written).toEqual([{ a: { percent: 1, message: null } }]);
  });

  it('runs one statement at a time, and goes on after a failure', async () => {
    let fail = (_reason: Error): void => {};
    answer = () => new Promise((_, reject) => (fail = reject));
    writer.report(a, { percent: 1 }, asItIs);
    await jest.advanceTimersByTimeAsync(500);
    writer.report(a, { percent: 2 }, asItIs);
    await jest.advanceTimersByTimeAsync(5_000);
    expect(written).toHaveLength(1);
    fail(new Error('no answer'));
    await jest.advanceTimersByTimeAsync(500);
    expect(written.at(-1)).toEqual({ a: { percent: 2, message: null } });
  });

  it('writes again what could not be stored, unless the job has ended', async () => {
    answer = () => Promise.reject(new Error('away'));
    writer.report(a, { percent: 1 }, asItIs);
    writer.report(b, { percent: 2 }, asItIs);
    await jest.advanceTimersByTimeAsync(500);
    answer = async () => {};
    writer.take('b');
    await jest.advanceTimersByTimeAsync(5_000);
    expect(written.slice(1)).toEqual([{ a: { percent: 1, message: null } }]);
  });

  it('masks secrets', async () => {
    writer.report(a, { message: 'login with calvin' }, (text) => text.replace('calvin', '******'));
    await jest.advanceTimersByTimeAsync(500);
    expect(written).toEqual([{ a: { percent: null, message: 'login with ******' } }]);
    expect(last('a')).toContain('******');
  });

  it('stores every report as a line, once', async () => {
    const report = (message: string) =>
      writer.report(a, { message }, (text) => text.replace('calvin', '******'));
    for (const message of ['one', 'two\0', 'three calvin']) report(message);
    await jest.advanceTimersByTimeAsync(500);
    report('four');
    await jest.advanceTimersByTimeAsync(500);
    report('five');
    expect(lines).toEqual([
      [
        [0, 'one'],
        [1, 'two\uFFFD'],
        [2, 'three ******'],
      ],
      [[3, 'four']],
    ]);
    expect(taken('a')).toEqual([[4, 'five']]);
    expect(taken('a')).toBeUndefined();
  });

  it('keeps the last 100 lines that are not stored', async () => {
    for (let number = 0; number < 250; number++) writer.report(a, { message: `at ${number}` }, asItIs);
    answer = () => Promise.reject(new Error('away'));
    await jest.advanceTimersByTimeAsync(500);
    const expected = Array.from({ length: 100 }, (_, index) => [150 + index, `at ${150 + index}`]);
    expect(lines).toEqual([expected]);
    writer.report(a, { message: 'last' }, asItIs);
    expect(taken('a')).toEqual([...expected.slice(1), [250, 'last']]);
  });

  it('leaves lines that are being stored to the end of the job, too, and repeats those of a row that was locked', async () => {
    let go = (): void => {};
    answer = () => new Promise((resolve) => (go = resolve));
    for (const job of [a, b]) writer.report(job, { message: 'one' }, asItIs);
    locked.add('b');
    await jest.advanceTimersByTimeAsync(500);
    writer.report(a, { message: 'two' }, asItIs);
    expect(taken('a')).toEqual([
      [0, 'one'],
      [1, 'two'],
    ]);
    go();
    locked.clear();
    await jest.advanceTimersByTimeAsync(500);
    expect(lines).toEqual([[[0, 'one']], [[0, 'one']], [[0, 'one']]]);
  });

  it('counts the lines of each adoption, and writes those of many jobs in portions', async () => {
    writer.report(a, { message: 'first' }, asItIs);
    writer.report({ id: 'a', adoption: 2 }, { message: 'second' }, asItIs);
    expect(taken('a')).toEqual([[0, 'second']]);

    const ids = Array.from({ length: 20 }, (_, index) => `job ${index}`);
    for (const id of ids) {
      for (let number = 0; number < 60; number++)
        writer.report({ id, adoption: 1 }, { message: 'x'.repeat(4_000) }, asItIs);
    }
    await jest.advanceTimersByTimeAsync(500);
    const portion = Object.keys(written[0] ?? {}).length;
    expect(portion).toBeLessThan(ids.length);
    await jest.advanceTimersByTimeAsync(2_000);
    expect(written.flatMap((rows) => Object.keys(rows))).toEqual(ids);
  });
});
