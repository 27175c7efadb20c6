import { jest } from '@jest/globals';
import { closeClient } from './close-client.js';

describe('closeClient', () => {
  let cuts: number;
  const client = (close: () => Promise<void>) => ({
    close,
    waitUntilReady: async () => {},
    getBackend: () => ({
      close: async () => {},
      disconnect: async () => {
        cuts++;
      },
    }),
    on: () => {},
  });
  const never = () => new Promise<void>(() => {});

  beforeEach(() => {
    jest.useFakeTimers();
    cuts = 0;
  });
  afterEach(() => jest.useRealTimers());

  it('cuts nothing if the queue answers', async () => {
    await closeClient(
      client(async () => {}),
      10_000,
    );
    expect([cuts, jest.getTimerCount()]).toEqual([0, 0]);
  });

  it.each([
    ['a second', Infinity, 1_000],
    ['a quarter of the time that is left', 2_000, 500],
  ])('cuts the connections after %s if it does not answer', async (_, left, limit) => {
    let isClosed = false;
    void closeClient(client(never), left).then(() => (isClosed = true));
    await jest.advanceTimersByTimeAsync(limit - 1);
    expect([cuts, isClosed]).toEqual([0, false]);
    await jest.advanceTimersByTimeAsync(1);
    expect([cuts, isClosed]).toEqual([1, true]);
  });

  it('cuts the connections at once if it refuses to close', async () => {
    await closeClient(
      client(() => Promise.reject(new Error('away'))),
      10_000,
    );
    expect(cuts).toBe(1);
  });
});
