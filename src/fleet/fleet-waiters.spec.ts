import { Lifecycle } from '../lifecycle/lifecycle.js';
import { Stop } from '../waiting/stop.js';
import { FleetWaiters } from './fleet-waiters.js';

describe('FleetWaiters', () => {
  let lifecycle: Lifecycle;
  let open: Set<string>;
  let tell: () => void;
  let waiters: FleetWaiters;
  beforeEach(() => {
    lifecycle = new Lifecycle(30);
    open = new Set(['a', 'b']);
    const repository = { open: async (ids: readonly string[]) => ids.filter((id) => open.has(id)) };
    const subscribe = (_channel: string, listener: () => void) => {
      tell = listener;
      return () => {};
    };
    waiters = new FleetWaiters(repository, { subscribe }, lifecycle);
  });
  afterEach(() => lifecycle.onApplicationShutdown());

  const wait = (id: string, origin = 'caller') => waiters.wait(id, 60_000, new Stop(), origin);

  it('answer when the fleet call has ended, and at once if it had before', async () => {
    const waiting = wait('a');
    open.delete('a');
    tell();
    await waiting;
    await wait('a');
    expect(waiters.size).toBe(0);
  });

  it('give no caller all places', async () => {
    const many = Array.from({ length: 125 }, () => wait('a'));
    await expect(wait('a')).rejects.toThrow(
      '500 requests wait for fleet calls already, or 125 of this caller.',
    );
    const other = wait('b', 'other');
    open.clear();
    tell();
    await Promise.all([...many, other]);
  });
});
