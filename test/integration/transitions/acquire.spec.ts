import { randomUUID } from 'node:crypto';
import { verify } from '../../../src/audit/chain.js';
import { AuditUnavailable } from '../../../src/database/faults/errors.js';
import { acquire, type ClaimRow } from '../../../src/database/transitions/acquire.js';
import { type NodeKey } from '../../support/nodes.js';
import { beginning, newJob, TransitionStage } from './stage.js';

describe('acquire', () => {
  let stage: TransitionStage;
  beforeAll(async () => {
    stage = await TransitionStage.create();
  });
  afterAll(() => stage.close());

  /** The record names the token as its job. */
  function claim(node: NodeKey): ClaimRow {
    const token = randomUUID();
    const { record } = beginning(newJob(node, { id: token }));
    return {
      node_id: node.id,
      token,
      purpose: 'test',
      caller: 'somebody',
      record: record && { ...record, node: node.uuid, caller: 'somebody' },
    };
  }

  const acquireAll = (...claims: ClaimRow[]) =>
    acquire(stage.database.hot, claims, { ...stage.conductor, latestDatabaseTime: Infinity });

  it('writes the record of each lock that it takes, and of no other', async () => {
    const [free, held, silent] = [await stage.newNode(), await stage.newNode(), await stage.newNode()];
    await stage.acceptAll(newJob(held));
    const claims = [claim(free), claim(held), { ...claim(silent), record: undefined }];
    const outcomes = await acquireAll(...claims);
    expect(outcomes.map(({ state }) => state)).toEqual(['taken', 'busy', 'taken']);
    const records = await Promise.all(claims.map(({ token }) => stage.auditOf(token)));
    expect(records.map(({ length }) => length)).toEqual([1, 0, 0]);
    expect(records[0]).toEqual([expect.objectContaining({ found: [free.uuid, 'somebody'] })]);
    expect(await verify(stage.database)).toMatchObject({ isWhole: true });
  });

  it('takes no lock without the record', async () => {
    const node = await stage.newNode();
    const wanted = claim(node);
    await stage.withoutAudit(async () => {
      await expect(acquireAll(wanted)).rejects.toThrow(AuditUnavailable);
    });
    expect(await stage.lockOf(node)).toBeUndefined();
    expect(await acquireAll(wanted)).toMatchObject([{ state: 'taken', fence: '1' }]);
    expect(await stage.auditOf(wanted.token)).toHaveLength(1);
  });
});
