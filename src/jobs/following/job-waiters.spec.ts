import { randomUUID } from 'node:crypto';
import { Conflict } from '@ferrule/driver-kit';
import { Lifecycle } from '../../lifecycle/lifecycle.js';
import { Stop } from '../../waiting/stop.js';
import { type Step } from './job-watch.js';
import { JobWaiters } from './job-waiters.js';

const LONG = 60_000;

describe('JobWaiters', () => {
  let lifecycle: Lifecycle;
  let waiters: JobWaiters;
  let followers: ((step: Step) => void)[];
  const now = { history: 'h', snapshot: '3:3:' };
  const watch = {
    follow: (follower: (step: Step) => void) => {
      followers.push(follower);
      return () => void followers.splice(followers.indexOf(follower), 1);
    },
    now: () => Promise.resolve(now),
  };
  const seen = (ids: readonly string[]) => {
    const jobs = ids.map((id) => ({ id, hasEnded: true }));
    for (const follower of followers) follower({ since: now, now, jobs });
  };
  beforeEach(() => {
    lifecycle = new Lifecycle(30);
    followers = [];
    // No job ends elsewhere.
    const query = (_: unknown, [ids]: readonly unknown[]) =>
      Promise.resolve((ids as string[]).map((id) => ({ id }) as never));
    waiters = new JobWaiters({ hot: { query } }, lifecycle, watch);
  });
  afterEach(() => lifecycle.onApplicationShutdown());

  const wait = (id: string, gone = new Stop(), origin = 'caller') => waiters.wait(id, LONG, gone, origin);

  it('answers those who wait for a job that has ended, and no others', async () => {
    const [first, second, other] = [wait('a'), wait('a'), wait('b')];
    seen(['a', 'unknown']);
    await Promise.all([first, second]);
    expect(waiters.size).toBe(1);
    seen(['b']);
    await other;
    expect(waiters.size).toBe(0);
  });

  it('lets clients leave, also those that have left before', async () => {
    const gone = new Stop();
    const [leaving, staying] = [wait('a', gone), wait('a')];
    gone.abort(new Conflict('it left'));
    await expect(leaving).rejects.toThrow('it left');
    await expect(wait('a', gone)).rejects.toThrow('it left');
    expect(waiters.size).toBe(1);
    seen(['a']);
    await staying;
  });

  it('gives no caller all places', async () => {
    const many = Array.from({ length: 250 }, () => wait('a'));
    await expect(wait('a')).rejects.toThrow('or 250 of this caller');
    const other = wait('a', new Stop(), 'other');
    seen(['a']);
    await Promise.all([...many, other]);
    const again = wait('a');
    seen(['a']);
    await again;
    expect(waiters.size).toBe(0);
  });

  it('answers at once from the beginning of the shutdown on', async () => {
    const waiting = [wait('a'), wait('b')];
    lifecycle.drain();
    await Promise.all(waiting);
    await wait('a');
    expect(waiters.size).toBe(0);
  });

  it('refuses more than a thousand', async () => {
    const ids = Array.from({ length: 1_000 }, () => randomUUID());
    const waiting = ids.map((id, index) => wait(id, new Stop(), `caller ${index % 4}`));
    await expect(wait('a', new Stop(), 'other')).rejects.toMatchObject({
      status: 503,
      headers: { 'Retry-After': '1' },
    });
    seen(ids);
    await Promise.all(waiting);
    const again = wait('a');
    seen(['a']);
    await again;
  });
});
