import { randomUUID } from 'node:crypto';
import { type Caller } from '@ferrule/driver-kit';
import { type Database } from '../../../src/database/database.js';
import { accept, type NewJobRow } from '../../../src/database/transitions/accept.js';
import { adopt } from '../../../src/database/transitions/adopt.js';
import { type EndingRow } from '../../../src/database/transitions/finish.js';
import { AUDITED, testDatabase, type TestDatabase } from '../../support/database.js';
import { insertNode, type NodeKey } from '../../support/nodes.js';

export interface Row {
  readonly [column: string]: unknown;
}

/** A database with two conductors. */
export class TransitionStage {
  readonly conductor = { id: randomUUID(), hostname: 'cond-a' };
  readonly other = { id: randomUUID(), hostname: 'cond-b' };
  readonly acquirer = { hostname: this.conductor.hostname, latestDatabaseTime: Infinity };
  private statements = 0;

  private constructor(
    readonly temporary: TestDatabase,
    readonly database: Database,
  ) {}

  static async create(): Promise<TransitionStage> {
    const temporary = await testDatabase();
    const stage = new TransitionStage(temporary, temporary.open());
    for (const { id, hostname } of [stage.conductor, stage.other]) await stage.register(id, hostname);
    return stage;
  }

  async close(): Promise<void> {
    await this.database.close();
    await this.temporary.drop();
  }

  sql<R extends Row>(text: string, values: unknown[] = []): Promise<R[]> {
    return this.database.query<R>({ name: `test-transitions-${this.statements++}`, text }, values);
  }

  async register(id: string, hostname: string, lease = '1 hour'): Promise<void> {
    const text = 'insert into conductors (id, hostname, expires_at) values ($1, $2, now() + $3::interval)';
    await this.sql(text, [id, hostname, lease]);
  }

  newNode(): Promise<NodeKey> {
    return insertNode(this.database);
  }

  acceptAll(...jobs: NewJobRow[]) {
    return accept(this.database.hot, jobs, this.acquirer);
  }

  async jobRow(id: string): Promise<Row | undefined> {
    return (await this.sql('select * from jobs where id = $1', [id]))[0];
  }

  /** What the audit has of the end of a job. */
  async auditOf(job: string): Promise<unknown[]> {
    const text = `select record, node, caller from audit where record like '%"job":"' || $1::text || '"%' order by seq`;
    const rows = await this.sql<{ record: string; node: string | null; caller: string | null }>(text, [job]);
    return rows.map(({ record, node, caller }) => ({
      ...(JSON.parse(record) as object),
      found: [node, caller],
    }));
  }

  /** What `work` does finds no room in the audit. */
  async withoutAudit(work: () => Promise<void>): Promise<void> {
    await this.sql("alter table audit add constraint broken check (action = 'none') not valid");
    try {
      await work();
    } finally {
      await this.sql('alter table audit drop constraint broken');
    }
  }

  async lockOf({ id }: NodeKey): Promise<Row | undefined> {
    const text = 'select token, job_id, fence, holder, conductor_id from reservations where node_id = $1';
    return (await this.sql(text, [id]))[0];
  }

  async adoptOne(id: string, by = this.conductor) {
    return (await adopt<Row>(this.database.hot, [id], by, AUDITED))[0];
  }

  async running(node: NodeKey | null): Promise<NewJobRow> {
    const text = 'select updated_at from nodes where id = $1';
    const [row] = await this.sql<{ updated_at: string | null }>(text, [node?.id]);
    const job = newJob(node, { node_updated_at: row?.updated_at ?? null });
    expect(await this.acceptAll(job)).toEqual(['accepted']);
    expect(await this.adoptOne(job.id)).toMatchObject({ id: job.id });
    return job;
  }
}

export const SOMEBODY: Caller = {
  id: 'token:somebody',
  name: 'somebody',
  projectId: 'team-a',
  roles: ['member'],
  hasSystemScope: false,
  knownBy: 'token',
};

export function newJob(node: NodeKey | null, members: Partial<NewJobRow> = {}): NewJobRow {
  return {
    id: randomUUID(),
    driver: 'fake-hardware',
    vendor_interface: 'fake',
    method: 'work',
    http_method: 'POST',
    request_id: 'req-test',
    caller: SOMEBODY,
    args: { password: 'secret' },
    node_id: node?.id ?? null,
    node_uuid: node?.uuid ?? null,
    node_updated_at: null,
    token: node && randomUUID(),
    ...members,
  };
}

/** The job with a record of its beginning. */
export function beginning(job: NewJobRow): NewJobRow {
  const action = 'baremetal:node:vendor_passthru';
  const { id, caller, node_uuid } = job;
  const members = {
    event: 'begin',
    action,
    caller: caller.name,
    ...(node_uuid !== null && { node: node_uuid }),
    job: id,
  };
  const record = { action, text: JSON.stringify(members), node: job.node_uuid, caller: caller.name };
  return { ...job, record };
}

/** The record of the end of a job as `newJob` makes it. */
export function endOf({ id, node_uuid }: NewJobRow, state: string, error?: string) {
  return {
    event: 'job',
    action: `baremetal:${node_uuid === null ? 'driver' : 'node'}:vendor_passthru`,
    request_id: 'req-test',
    caller: 'somebody',
    caller_id: 'token:somebody',
    known_by: 'token',
    project_id: 'team-a',
    ...(node_uuid !== null && { node: node_uuid }),
    driver: 'fake-hardware',
    vendor_interface: 'fake',
    method: 'work',
    http_method: 'POST',
    ...(error !== undefined && { error }),
    job: id,
    state,
    found: [node_uuid, 'somebody'],
  };
}

export function ending(id: string, members: Partial<EndingRow> = {}): EndingRow {
  return {
    id,
    adoption: 1,
    state: 'succeeded',
    result: '{"answer":42}',
    error: null,
    error_code: null,
    progress: null,
    node_error: 'clear',
    last_error: null,
    ...members,
  };
}
