import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { ANYONE } from '../../src/auth/caller.js';
import { ExitCode } from '../../src/cli/client/exit-code.js';
import { run } from '../../src/cli/program.js';
import { accept } from '../../src/database/transitions/accept.js';
import { breakLock } from '../../src/database/transitions/break-lock.js';
import { AUDITED } from '../support/database.js';
import { startApp, type TestApp } from '../support/app.js';
import { scrape } from '../support/metrics.js';
import { call, createNode, ended, fields, jobOf, readJob } from '../support/passthru.js';
import { until } from '../support/until.js';

interface Lock {
  readonly node: string;
  readonly job: string | null;
  readonly waiting: number;
  readonly fence: number;
}

interface Recorded {
  readonly event: string;
  readonly action: string;
  readonly state?: string;
  readonly error?: string | null;
}

describe('the locks of nodes', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startApp({ FERRULE_LOCK_TRIES: '1' });
  });
  afterAll(() => service.close());

  const locks = async (query = ''): Promise<{ locks: Lock[]; next?: string }> =>
    (await service.http.get(`/v1/locks${query}`)).expect(200).json();
  const lockOf = async (node: string) => (await locks()).locks.find((each) => each.node === node);
  const breakIt = (node: string) => service.http.delete(`/v1/locks/${node}`);

  async function running(node: string): Promise<string> {
    const job = jobOf(await call(service.http, node, 'sleep', { seconds: 3_600 }));
    await until(async () => (await readJob(service.http, job)).state === 'running');
    return job;
  }

  async function audit(node: string): Promise<Recorded[]> {
    const answer = await service.http.get(`/v1/audit?node=${node}`);
    return answer.expect(200).json<{ audit: Recorded[] }>().audit;
  }

  async function ferrule(
    args: readonly string[],
    env: Record<string, string> = { FERRULE_URL: service.http.base },
  ) {
    const lines: string[] = [];
    const print = (text: string): void => void lines.push(text);
    const code = await run(args, env, { print, complain: print });
    return { code, printed: lines.join('\n') };
  }

  it('are listed with their holders, in pages', async () => {
    const nodes = [await createNode(service.http, { name: 'n1' }), await createNode(service.http)] as const;
    const job = await running(nodes[0]);
    await running(nodes[1]);
    expect(await lockOf(nodes[0])).toEqual({
      node: nodes[0],
      name: 'n1',
      driver: 'fake-hardware',
      holder: 'cond-a',
      caller: null,
      purpose: `job:${job.split('/').at(-1)}`,
      since: expect.stringMatching(/^\d{4}-/),
      until: expect.stringMatching(/^\d{4}-/),
      job: job.split('/').at(-1),
      fence: 1,
      waiting: 0,
    });
    const first = await locks('?limit=1');
    const next = new URL(first.next ?? '');
    const second = await locks(next.search);
    expect([...first.locks, ...second.locks].map(({ node }) => node)).toEqual(nodes);
    for (const node of nodes) (await breakIt(node)).expect(200);
    expect(await locks()).toEqual({ locks: [] });
  });

  it('are listed for a single node, by UUID or name', async () => {
    const nodes = [await createNode(service.http, { name: 'n3' }), await createNode(service.http)] as const;
    await running(nodes[0]);
    await running(nodes[1]);
    const ofNode = async (query: string) => (await locks(query)).locks.map(({ node }) => node);
    expect(await ofNode(`?node=${nodes[1]}`)).toEqual([nodes[1]]);
    expect(await ofNode(`?node=${nodes[1].toUpperCase()}`)).toEqual([nodes[1]]);
    const first = await locks('?node=n3&limit=1');
    expect(first.locks).toMatchObject([{ node: nodes[0] }]);
    expect(await locks(new URL(first.next ?? '').search)).toEqual({ locks: [] });
    for (const node of nodes) (await breakIt(node)).expect(200);
    expect(await ofNode('?node=n3')).toEqual([]);
    (await service.http.get('/v1/locks?node=nonesuch')).expect(404);
    (await service.http.get('/v1/locks?node=no:name')).expect(400);
  });

  it('are broken with the running job that holds them, whose method is stopped', async () => {
    const node = await createNode(service.http);
    const job = await running(node);
    const ends = async () =>
      (await scrape(service.http)).get('ferrule_jobs_ended_total{state="outcome-unknown"}') ?? NaN;
    const before = await ends();
    const answer = (await breakIt(node)).expect(200).json<{ fence: number }>();
    expect(answer).toMatchObject({ node, holder: 'cond-a', job_state: 'outcome-unknown' });
    expect(await ended(service.http, job)).toMatchObject({
      state: 'outcome-unknown',
      error: { code: 'LockBroken', message: expect.stringContaining('was broken by') },
    });
    expect((await fields(service.http, node, 'last_error'))['last_error']).toContain('was broken by');
    const work = (await call(service.http, node, 'work', { milliseconds: 0 })).expect(200);
    expect(Number(work.json<{ fence: string }>().fence)).toBeGreaterThan(answer.fence);
    // Its method has ended, and what it says changes nothing.
    const id = job.split('/').at(-1) ?? '';
    await until(() =>
      service.log.text.includes(`${id} was ended or adopted by another process before its end`),
    );
    expect(await ends()).toBe(before + 1);
    expect(service.log.text.match(new RegExp(`Job ${id} outcome-unknown`, 'g'))).toHaveLength(1);
    expect((await readJob(service.http, job)).state).toBe('outcome-unknown');
    await until(async () =>
      (await audit(node)).some(({ event, action }) => event === 'end' && action === 'ferrule:lock:break'),
    );
    const records = await audit(node);
    expect(records).toContainEqual(expect.objectContaining({ event: 'begin', action: 'ferrule:lock:break' }));
    const lock = {
      holder: 'cond-a',
      purpose: `job:${job.split('/').at(-1)}`,
      caller: null,
      job: job.split('/').at(-1),
      fence: answer.fence - 1,
    };
    expect(records).toContainEqual(
      expect.objectContaining({ event: 'end', action: 'ferrule:lock:break', lock }),
    );
    expect(records).toContainEqual(expect.objectContaining({ event: 'job', state: 'outcome-unknown' }));
  });

  it('are broken with the call that holds them, which is told', async () => {
    const node = await createNode(service.http);
    const work = call(service.http, node, 'work', { milliseconds: 60_000 });
    await until(async () => (await lockOf(node)) !== undefined);
    expect((await breakIt(node)).expect(200).json()).toMatchObject({ job: null, job_state: null });
    expect((await work).expect(500).fault.faultstring).toMatch(
      /^The outcome of the call is unknown, since its method had begun\..* was lost: it was broken by/,
    );
    await until(async () =>
      (await audit(node)).some(({ event, error }) => event === 'end' && error === 'OutcomeUnknown'),
    );
    (await call(service.http, node, 'work', { milliseconds: 0 })).expect(200);
  });

  /** As another process does, of which this one hears nothing. */
  async function breakElsewhere(node: string): Promise<void> {
    const { rows } = await sql<{ id: string }>`select id from nodes where uuid = ${node}`.execute(
      service.database.kysely,
    );
    const breaking = {
      nodeId: rows[0]?.id ?? '',
      fence: undefined,
      by: 'ops',
      cancelled: 'broken',
      unknown: 'broken',
      lastError: '%s: %s',
      latestDatabaseTime: Infinity,
    };
    expect(await breakLock(service.database.hot, breaking, AUDITED)).toBeDefined();
  }

  it('are broken by another process, too', async () => {
    const node = await createNode(service.http);
    const work = call(service.http, node, 'work', { milliseconds: 60_000 });
    await until(async () => (await lockOf(node)) !== undefined);
    await breakElsewhere(node);
    expect((await work).expect(500).fault.faultstring).toContain('was lost: it was broken by ops');
  });

  it('leave the result of a method that ended before its process saw that they were broken', async () => {
    const node = await createNode(service.http);
    const work = call(service.http, node, 'work', { milliseconds: 300 });
    await until(async () => (await lockOf(node)) !== undefined);
    await breakElsewhere(node);
    (await work).expect(200);
  });

  it('are broken only if they have the fence that was asked for', async () => {
    const node = await createNode(service.http);
    await running(node);
    const { fence = 0 } = (await lockOf(node)) ?? {};
    const refused = await service.http.delete(`/v1/locks/${node}?fence=${fence - 1}`);
    expect(refused.expect(409).fault.faultstring).toBe(
      `Node ${node} is locked with fence ${fence} now, not ${fence - 1}; nothing was broken.`,
    );
    (await service.http.delete(`/v1/locks/${node}?fence=first`)).expect(400);
    // The largest of PostgreSQL, and one more.
    (await service.http.delete(`/v1/locks/${node}?fence=9223372036854775807`)).expect(409);
    const tooLarge = (await service.http.delete(`/v1/locks/${node}?fence=9223372036854775808`)).expect(400);
    expect(tooLarge.fault.faultstring).toContain('a whole number, at most 9223372036854775807');
    expect(await lockOf(node)).toMatchObject({ fence });
    (await service.http.delete(`/v1/locks/${node}?fence=${fence}`)).expect(200);
    (await service.http.delete(`/v1/locks/${node}?fence=${fence}`)).expect(404);
  });

  it('are broken with the queued job that holds them, which is never run', async () => {
    const node = await createNode(service.http);
    const id = randomUUID();
    const { rows } = await sql<{ id: string }>`select id from nodes where uuid = ${node}`.execute(
      service.database.kysely,
    );
    // In the group of no conductor, so that it stays queued.
    const job = {
      id,
      driver: 'fake-hardware',
      conductor_group: 'nowhere',
      vendor_interface: 'fake-options',
      method: 'sleep',
      http_method: 'POST',
      node_id: rows[0]?.id ?? '',
      node_uuid: node,
      node_updated_at: null,
      token: randomUUID(),
      args: {},
      request_id: 'req-test',
      caller: ANYONE,
    };
    expect(
      await accept(service.database.hot, [job], { hostname: 'cond-a', latestDatabaseTime: Infinity }),
    ).toEqual(['accepted']);
    expect((await breakIt(node)).expect(200).json()).toMatchObject({ job: id, job_state: 'cancelled' });
    expect(await readJob(service.http, `/v1/jobs/${id}`)).toMatchObject({
      state: 'cancelled',
      error: { code: 'LockBroken' },
    });
    (await call(service.http, node, 'work', { milliseconds: 0 })).expect(200);
  });

  it('have fences that grow by a thousand million with each restore of a backup', async () => {
    const node = await createNode(service.http, { name: 'n-restored' });
    const fence = 3_000_000_001;
    await sql`insert into reservations (node_id, fence) select id, ${fence - 1} from nodes where uuid = ${node}`.execute(
      service.database.kysely,
    );
    const job = await running(node);
    expect(await lockOf(node)).toMatchObject({ fence });
    expect(await readJob(service.http, job)).toMatchObject({ fence });
    expect(JSON.parse((await ferrule(['locks', '--json'])).printed)).toMatchObject([{ node, fence }]);
    const refused = await service.http.delete(`/v1/locks/${node}?fence=${fence - 1}`);
    expect(refused.expect(409).fault.faultstring).toContain(`is locked with fence ${fence} now`);
    expect(await ferrule(['locks', 'break', 'n-restored'])).toMatchObject({ code: 0 });
    const lock = expect.objectContaining({ fence });
    await until(async () => (await audit(node)).some((record) => 'lock' in record));
    expect(await audit(node)).toContainEqual(expect.objectContaining({ event: 'end', lock }));
    const work = (await call(service.http, node, 'work', { milliseconds: 0 })).expect(200);
    expect(work.json<{ fence: string }>().fence).toBe(String(fence + 2));
  });

  it('cannot be broken where there are none', async () => {
    const node = await createNode(service.http);
    expect((await breakIt(node)).expect(404).fault.faultstring).toBe(`Node ${node} is not locked.`);
    (await breakIt('nonesuch')).expect(404);
  });

  it('are listed and broken by the command', async () => {
    const node = await createNode(service.http, { name: 'n2' });
    const job = await running(node);
    expect(await ferrule(['locks'])).toMatchObject({
      code: 0,
      printed: expect.stringMatching(new RegExp(`^NODE .* FENCE +WAITING\\n${node}  n2 `)),
    });
    const { printed: list } = await ferrule(['locks', '--json']);
    expect(JSON.parse(list)).toMatchObject([{ node }]);
    const [{ fence = 0 } = {}] = JSON.parse(list) as { fence?: number }[];
    expect((await ferrule(['locks', '--node', 'n2', '--json'])).printed).toBe(list);
    await createNode(service.http, { name: 'unlocked' });
    expect((await ferrule(['locks', '--node', 'unlocked', '--json'])).printed).toBe('[]');
    const other = await ferrule(['locks', 'break', 'n2', '--fence', String(fence + 1)]);
    expect(other.code).toBe(ExitCode.refused);
    expect(other.printed).toMatch(`is locked with fence ${fence} now, not ${fence + 1}`);
    expect(await ferrule(['locks', 'break', 'n2', '--url', service.http.base], {})).toEqual({
      code: 0,
      printed: `The lock on node ${node}, held by cond-a for job:${job.split('/').at(-1)}, was broken.\nJob ${job.split('/').at(-1)} has ended as outcome-unknown.`,
    });
    expect(await ferrule(['locks', 'break', 'n2'])).toEqual({
      code: ExitCode.refused,
      printed: `DELETE /v1/locks/n2: 404: Node ${node} is not locked.`,
    });
    expect(await ferrule(['locks', 'break', 'nonesuch'])).toEqual({
      code: ExitCode.refused,
      printed: 'GET /v1/locks: 404: Node nonesuch could not be found.',
    });
    expect(await ferrule(['locks', '--json', 'break', 'n2'])).toMatchObject({ code: ExitCode.wrongUsage });
    const nobody = { FERRULE_URL: 'http://127.0.0.1:1' };
    expect(await ferrule(['locks'], nobody)).toMatchObject({ code: ExitCode.noAnswer });
  });
});
