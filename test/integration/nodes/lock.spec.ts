import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { type Database } from '../../../src/database/database.js';
import { type NodeColumn } from '../../../src/nodes/fields/node-fields.js';
import { NodeHasChildren } from '../../../src/nodes/errors.js';
import { NodeRepository } from '../../../src/nodes/record/node.repository.js';
import { NodeLockLost } from '../../../src/reservations/errors.js';
import { SecretsAtRest } from '../../../src/secrets/at-rest/secrets-at-rest.js';
import { testDatabase, type TestDatabase } from '../../support/database.js';
import { insertNode } from '../../support/nodes.js';
import { until } from '../../support/until.js';

/** Begins a transaction and returns the session's process id. */
async function begin(session: pg.Client): Promise<number> {
  const { rows } = await session.query<{ pid: number }>('select pg_backend_pid() as pid');
  await session.query('begin');
  return rows[0]?.pid ?? 0;
}

describe('writes to a node', () => {
  let place: TestDatabase;
  let database: Database;
  let repository: NodeRepository;
  let statements = 0;
  beforeAll(async () => {
    place = await testDatabase();
    database = place.open();
    repository = new NodeRepository(database, new SecretsAtRest(), { latestDatabaseTime: Infinity });
  });
  afterAll(async () => {
    await database.close();
    await place.drop();
  });

  const sql = <R extends Record<string, unknown>>(text: string, values: unknown[] = []): Promise<R[]> =>
    database.query<R>({ name: `test-nodes-lock-${statements++}`, text }, values);

  async function lockedNode() {
    const node = await insertNode(database);
    const token = randomUUID();
    await sql(
      `insert into reservations (node_id, token, fence, holder, purpose, since) values ($1, $2, 1, 'a', 'test', now())`,
      [node.id, token],
    );
    return { node, token };
  }
  const found = ({ node }: { node: { uuid: string } }) => repository.find({ uuid: node.uuid });
  const changes = new Map<NodeColumn, unknown>([['maintenance', true]]);

  it('are done by the holder of its lock', async () => {
    const lock = await lockedNode();
    await repository.update(lock, changes);
    expect(await found(lock)).toMatchObject({ maintenance: true });
    await repository.delete(lock);
    expect(await found(lock)).toBeUndefined();
  });

  it('do nothing once another holds its lock', async () => {
    const lock = await lockedNode();
    const before = await found(lock);
    const lost = { ...lock, token: randomUUID() };
    await expect(repository.update(lost, changes)).rejects.toThrow(NodeLockLost);
    await expect(repository.delete(lost)).rejects.toThrow(NodeLockLost);
    expect(await found(lock)).toEqual(before);
  });

  async function blockedBy(pid: number): Promise<void> {
    const waiting = 'select from pg_stat_activity where $1 = any (pg_blocking_pids(pid))';
    await until(async () => (await sql(waiting, [pid])).length > 0);
  }

  it('do not delete a node that becomes a parent at that moment', async () => {
    const lock = await lockedNode();
    const child = await insertNode(database);
    const session = new pg.Client({ ...place.connection });
    await session.connect();
    try {
      const pid = await begin(session);
      await session.query('update nodes set parent_node = $1 where id = $2', [lock.node.uuid, child.id]);
      const deletion = expect(repository.delete(lock)).rejects.toThrow(NodeHasChildren);
      await blockedBy(pid);
      await session.query('commit');
      await deletion;
    } finally {
      await session.end();
    }
    expect(await found(lock)).toMatchObject({ id: lock.node.id });
  });

  it('cannot deadlock with an acceptance of jobs when the node is deleted', async () => {
    const lock = await lockedNode();
    const session = new pg.Client({ ...place.connection });
    await session.connect();
    try {
      const pid = await begin(session);
      await session.query('select from reservations where node_id = $1 for update', [lock.node.id]);
      const deletion = repository.delete(lock);
      await blockedBy(pid);
      // As the foreign key of a new job does.
      await session.query('select from nodes where id = $1 for key share', [lock.node.id]);
      await session.query('commit');
      await deletion;
    } finally {
      await session.end();
    }
    expect(await found(lock)).toBeUndefined();
  });

  it('find the jobs of a deleted node by an index', async () => {
    const session = new pg.Client({ ...place.connection });
    await session.connect();
    try {
      await session.query('set enable_seqscan = off');
      const { rows } = await session.query('explain update jobs set node_id = null where node_id = 1');
      expect(JSON.stringify(rows)).toContain('jobs_node_id');
    } finally {
      await session.end();
    }
  });
});
