import { randomUUID } from 'node:crypto';
import { isLockFree, lockDetails } from '../../src/database/reads/lock-details.js';
import { lockedNodes } from '../../src/database/reads/locked-nodes.js';
import { LockRepository } from '../../src/locks/lock.repository.js';
import { NodeListRepository } from '../../src/nodes/list/node-list.repository.js';
import { NodeRepository } from '../../src/nodes/record/node.repository.js';
import { SecretsAtRest } from '../../src/secrets/at-rest/secrets-at-rest.js';
import { type NodeKey } from '../support/nodes.js';
import { TransitionStage } from './transitions/stage.js';

const HOUR_MS = 3_600_000;

/** The lease of the holder ended a minute ago by the clock of the database, which may have been set forward. */
describe('a lock whose lease has ended', () => {
  let stage: TransitionStage;
  let node: NodeKey;
  beforeAll(async () => {
    stage = await TransitionStage.create();
    node = await stage.newNode();
    const holder = randomUUID();
    await stage.register(holder, 'cond-c', '-1 minute');
    await stage.sql(
      `insert into reservations (node_id, token, fence, holder, purpose, since, conductor_id)
       values ($1, gen_random_uuid(), 1, 'cond-c', 'test', now(), $2)`,
      [node.id, holder],
    );
  });
  afterAll(() => stage.close());

  async function seen(latestDatabaseTime: number) {
    const { database } = stage;
    const clock = { latestDatabaseTime };
    const page = { conditions: [], visible: undefined, marker: undefined, limit: 10 };
    const lists = new NodeListRepository(database, clock);
    const sorted = (key: 'id' | 'reservation') =>
      lists.list({ ...page, fields: ['uuid', 'reservation'], sort: { key, direction: 'asc' } });
    const locks = new LockRepository(database, clock);
    return {
      isFree: await isLockFree(database.hot, node.id, latestDatabaseTime),
      holder: (await lockDetails(database.hot, node.id, latestDatabaseTime))?.holder ?? null,
      counted: await lockedNodes(database, [node.uuid], latestDatabaseTime),
      listed: (await locks.list({ ...page, nodeId: undefined })).map(({ holder }) => holder),
      shown: (await new NodeRepository(database, new SecretsAtRest(), clock).find({ uuid: node.uuid }))
        ?.reservation,
      nodes: (await sorted('id')).rows.map(({ reservation }) => reservation),
      sorted: (await sorted('reservation')).rows.map(({ reservation }) => reservation),
    };
  }

  it('is free for all that look at it', async () => {
    expect(await seen(Infinity)).toEqual({
      ...{ isFree: true, holder: null, counted: 0, listed: [], shown: null, nodes: [null], sorted: [null] },
    });
  });

  it('is held for all that look at it, if that time cannot be yet', async () => {
    const by = ['cond-c'];
    expect(await seen(Date.now() - HOUR_MS)).toEqual({
      ...{ isFree: false, holder: 'cond-c', counted: 1, listed: by, shown: 'cond-c', nodes: by, sorted: by },
    });
  });
});
