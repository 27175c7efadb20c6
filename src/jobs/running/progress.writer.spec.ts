import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { type ProgressRow } from '../job.repository.js';
import { ProgressWriter } from './progress.writer.js';

describe('ProgressWriter', () => {
  let written: Record<string, unknown>[];
  let answer: () => Promise<void>;
  let writer: ProgressWriter;
  const asItIs = (text: string) => text;
  const [a, b] = [
    { id: 'a', adoption: 1 },
    { id: 'b', adoption: 2 },
  ];

  const jobs = {
    storeProgress: async (rows: readonly ProgressRow[]): Promise<void> => {
      written.push(Object.fromEntries(rows.map(({ id, progress }) => [id, JSON.parse(progress) as unknown])));
      await answer();
    },
  };

  beforeEach(() => {
    jest.useFakeTimers();
    Logger.overrideLogger(false);
    written = [];
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
    expect(writer.take('a')).toBe('{"percent":5,"message":null}');
    expect(() => writer.report(b, once, asItIs)).toThrow('read twice');
    expect(writer.take('b')).toBeNull();
  });

  it('ends a job that succeeded at 100 percent, if it reported any', () => {
    for (const { id, adoption } of [a, b])
      writer.report({ id, adoption }, { percent: 25, message: 'x' }, asItIs);
    expect(writer.take('a', true)).toBe('{"percent":100,"message":"x"}');
    expect(writer.take('b', false)).toBe('{"percent":25,"message":"x"}');
    writer.report(a, { message: 'x' }, asItIs);
    expect(writer.take('a', true)).toBe('{"percent":null,"message":"x"}');
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
    expect(JSON.parse(writer.take('a') ?? '')).toEqual(stored);
  });

  it('leaves the last report to the statement that ends the job', async () => {
    writer.report(a, { percent: 1 }, asItIs);
    await jest.advanceTimersByTimeAsync(500);
    writer.report(a, { percent: 2 }, asItIs);
    expect(writer.take('a')).toBe('{"percent":2,"message":null}');
    expect(writer.take('a')).toBeNull();
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
    expect(writer.take('a')).toContain('******');
  });
});
