import { type Proxy } from '../support/proxy.js';
import { type DataDirectory, dataDirectory, type Service } from '../support/service.js';
import { until } from '../support/until.js';
import { WatchFile } from '../support/watch.js';
import { call, hold, watchedNode } from './calls.js';
import { ProxiedDatabase } from './proxied-database.js';

const LOOKUP = /node-passthru-by-uuid/;
const ACQUIRE = /reservation-acquire/;
const ENTER = /lock-waiters-enter/;
const LEAVE = /lock-waiters-leave/;
/** Milliseconds; less than the places of the calls last. */
const BEFORE_PLACES_END = 40_000;

describe('database connections that freeze', () => {
  let directory: DataDirectory;
  let database: ProxiedDatabase;
  let service: Service;
  let proxy: Proxy;
  let watch: WatchFile;
  beforeAll(async () => {
    directory = await dataDirectory({ isNew: true });
    database = await ProxiedDatabase.create();
    const way = await database.way();
    proxy = way.proxy;
    watch = new WatchFile(directory.path);
    service = await directory.start({ ...watch.env, ...way.env });
  });
  afterEach(() => proxy.thaw());
  afterAll(async () => {
    await directory.dispose();
    await database.dispose();
  });

  it.each([
    ['two hung lookups', LOOKUP, 'look', 2],
    ['a hung acquisition', ACQUIRE, 'watch', 1],
  ])('cost their own calls and no others: %s', async (_, pattern, method, count) => {
    const { http } = service;
    const nodes = await Promise.all(Array.from({ length: 6 }, () => watchedNode(http)));
    const hung: Promise<number | undefined>[] = [];
    for (let each = 0; each < count; each++) {
      proxy.freezeNext(pattern);
      hung.push(hold(http, nodes[each] ?? '', 'hung', 0, method).then((answer) => answer?.status));
      await until(() => proxy.pending === 0);
    }
    let settled = 0;
    for (const each of hung) void each.finally(() => settled++);

    const others = nodes.slice(count);
    let turnsMeanwhile = 0;
    for (let turn = 0; turn < 20; turn++) {
      const answers = await Promise.all(others.map((node) => hold(http, node, 'other', 0, method)));
      expect(answers.map((answer) => answer?.status)).toEqual(others.map(() => 200));
      if (settled === 0) turnsMeanwhile++;
    }
    expect(turnsMeanwhile).toBeGreaterThan(0);
    for (const status of await Promise.all(hung)) expect([500, 503]).toContain(status);
    expect((await hold(http, nodes.at(-1) ?? '', 'after', 0, method))?.status).toBe(200);
  });

  it('cost at most the calls of one batch while many call', async () => {
    const { http } = service;
    const nodes = await Promise.all(Array.from({ length: 16 }, () => watchedNode(http)));
    const failed: string[] = [];
    let answered = 0;
    let isOver = false;
    const callers = nodes.map(async (node) => {
      while (!isOver) {
        const answer = await hold(http, node, 'load');
        if (answer?.status === 200) answered++;
        else failed.push(answer?.text ?? 'cut');
      }
    });
    await until(() => answered > 50);
    proxy.freezeNext(ACQUIRE);
    await until(() => failed.length > 0);
    const before = answered;
    await until(() => answered > before + 200);
    isOver = true;
    await Promise.all(callers);
    expect(failed.length).toBeLessThanOrEqual(nodes.length);
  });

  async function heldBy(node: string, id: string): Promise<() => Promise<void>> {
    const gate = watch.gate();
    const holding = call(service.http, node, 'watch', { id, gate: gate.path });
    await until(() => watch.has('begin', id));
    return async () => {
      gate.open();
      (await holding).expect(200);
    };
  }

  const waitFor = (node: string, id: string) =>
    service.http.post(`/v1/nodes/${node}/vendor_passthru/watch?wait=60`, { id });

  const soonFree = (node: string, id: string) =>
    until(async () => (await hold(service.http, node, id))?.status === 200, BEFORE_PLACES_END);

  it('keep no lock from others when a call could not leave its line', async () => {
    const node = await watchedNode(service.http);
    const release = await heldBy(node, 'held');
    const waiting = waitFor(node, 'waited');
    await until(async () => (await database.sql('select from lock_waiters')).length === 1);
    proxy.freezeNext(LEAVE);
    await release();
    (await waiting).expect(200);
    await until(() => proxy.pending === 0);
    await soonFree(node, 'next');
  });

  it('keep no lock from others when a call entered its line late, after it was answered', async () => {
    const node = await watchedNode(service.http);
    const release = await heldBy(node, 'held too');
    const entries = async () =>
      (
        await database.sql<{ last: string }>('select last_value::text as last from lock_waiters_number_seq')
      )[0]?.last;
    const before = await entries();
    proxy.freezeNext(ENTER);
    expect([500, 503]).toContain((await waitFor(node, 'never')).status);
    await release();
    expect(await entries()).toBe(before);
    proxy.thaw();
    await until(async () => (await entries()) !== before);
    await soonFree(node, 'next too');
    expect(watch.has('begin', 'never')).toBe(false);
  });
});
