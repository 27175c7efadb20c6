import { Conflict } from '@ferrule/driver-kit';
import { jest } from '@jest/globals';
import { Stop } from './stop.js';
import { Waiters } from './waiters.js';

const LONG = 60_000;

describe('Waiters', () => {
  let looks: string[];
  let waiters: Waiters;
  beforeEach(() => {
    looks = [];
    waiters = new Waiters(
      { most: 3, share: 2 },
      { begin: () => looks.push('begin'), end: () => looks.push('end') },
    );
  });
  afterEach(() => {
    waiters.endAll();
    jest.useRealTimers();
  });

  const wait = (id: string, gone = new Stop(), origin = 'a') => waiters.wait(id, LONG, gone, origin);

  it('ends the waits for an id, and looks only while somebody waits', async () => {
    const [first, second, other] = [wait('x'), wait('x'), wait('y', new Stop(), 'b')];
    expect([looks, waiters.ids, waiters.size]).toEqual([['begin'], ['x', 'y'], 3]);
    waiters.end(['x', 'unknown']);
    expect(await Promise.all([first, second])).toEqual([true, true]);
    expect([looks, waiters.ids, waiters.size]).toEqual([['begin'], ['y'], 1]);
    waiters.end(['y']);
    expect(await other).toBe(true);
    expect([looks, waiters.size]).toEqual([['begin', 'end'], 0]);
  });

  it('has a share of the places for each origin, and gives them back', async () => {
    const own = [wait('x'), wait('x')];
    expect(await wait('x')).toBe(false);
    const other = wait('x', new Stop(), 'b');
    expect(await wait('x', new Stop(), 'c')).toBe(false);
    waiters.endAll();
    expect(await Promise.all([...own, other])).toEqual([true, true, true]);
    const again = wait('x');
    waiters.endAll();
    expect(await again).toBe(true);
  });

  it('ends with the time, and with a client that leaves', async () => {
    jest.useFakeTimers();
    const gone = new Stop();
    const [late, left] = [wait('x'), wait('x', gone)];
    gone.abort(new Conflict('it left'));
    await expect(left).rejects.toThrow('it left');
    await expect(wait('x', gone)).rejects.toThrow('it left');
    expect(waiters.size).toBe(1);
    await jest.advanceTimersByTimeAsync(LONG);
    expect(await late).toBe(true);
    expect([waiters.size, looks]).toEqual([0, ['begin', 'end']]);
  });
});
