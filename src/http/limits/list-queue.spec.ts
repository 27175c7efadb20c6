import { Conflict } from '@ferrule/driver-kit';
import { Stop } from '../../waiting/stop.js';
import { ListQueue } from './list-queue.js';

describe('lists', () => {
  let begun: string[];
  let ends: (() => void)[];
  let queue: ListQueue;
  beforeEach(() => {
    [begun, ends] = [[], []];
    queue = new ListQueue({ length: 3, wait: Infinity });
  });

  function ask(name: string, gone = new Stop()): Promise<unknown> {
    const list = (): Promise<string> => {
      begun.push(name);
      return new Promise((resolve) => ends.push(() => resolve(name)));
    };
    return queue.make({ origin: name.slice(0, 1), gone }, list).catch((error: unknown) => error);
  }

  const end = async (): Promise<void> => {
    ends.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };

  it('are made two at a time, for the readers in turn', async () => {
    const asked = ['a1', 'a2', 'a3', 'a4', 'b1'].map((name) => ask(name));
    expect(begun).toEqual(['a1', 'a2']);
    for (let ended = 0; ended < 5; ended++) await end();
    expect(begun).toEqual(['a1', 'a2', 'a3', 'b1', 'a4']);
    expect(await Promise.all(asked)).toEqual(['a1', 'a2', 'a3', 'a4', 'b1']);
  });

  it('are not made for a client that has left', async () => {
    void ask('a1');
    void ask('a2');
    const gone = new Stop();
    const left = ask('b1', gone);
    const stayed = ask('a3');
    gone.abort(new Conflict('left'));
    expect(await left).toMatchObject({ message: 'left' });
    await end();
    await end();
    expect(begun).toEqual(['a1', 'a2', 'a3']);
    await end();
    expect(await stayed).toBe('a3');
  });

  it('are 503 when too many wait', async () => {
    const asked = ['a1', 'a2', 'a3', 'a4', 'a5', 'a6'].map((name) => ask(name));
    const refused = await asked[5];
    expect(refused).toMatchObject({ status: 503, code: 'ListsBusy', headers: { 'Retry-After': '10' } });
    for (let ended = 0; ended < 5; ended++) await end();
    expect(await Promise.all(asked.slice(0, 5))).toEqual(['a1', 'a2', 'a3', 'a4', 'a5']);
  });
});
