import { retry, type RetryOptions } from './retry.js';

const options = (changes: Partial<RetryOptions>): RetryOptions => ({
  patience: 30,
  stop: new AbortController().signal,
  isWorthwhile: () => true,
  onFailure: () => {},
  ...changes,
});

describe('retry', () => {
  it('retries until it succeeds, and reports that it waits', async () => {
    const reports: string[] = [];
    let tries = 0;
    const attempt = () => (++tries < 3 ? Promise.reject(new Error(`no ${tries}`)) : Promise.resolve('yes'));
    const onFailure = (error: unknown, left: number) => reports.push(`${String(error)}, ${left} s`);
    await expect(retry(attempt, options({ onFailure }))).resolves.toBe('yes');
    expect([tries, reports]).toEqual([3, ['Error: no 1, 30 s']]);
  });

  it('throws the last failure when the time is over', async () => {
    let tries = 0;
    const attempt = () => Promise.reject(new Error(`no ${++tries}`));
    await expect(retry(attempt, options({ patience: 0.6 }))).rejects.toThrow(/^no \d$/);
    expect(tries).toBeGreaterThan(1);
  });

  it('does not retry what cannot succeed', async () => {
    let tries = 0;
    const attempt = () => Promise.reject(new Error(`no ${++tries}`));
    await expect(retry(attempt, options({ isWorthwhile: () => false }))).rejects.toThrow('no 1');
  });

  it('ends at shutdown', async () => {
    const stopping = new AbortController();
    const attempt = () => {
      stopping.abort();
      return Promise.reject(new Error('no'));
    };
    await expect(retry(attempt, options({ stop: stopping.signal }))).rejects.toThrow('no');
  });
});
