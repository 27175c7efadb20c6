import pg from 'pg';
import { testDatabase, urlOf } from '../support/database.js';
import { EventClient } from '../support/event-client.js';
import { type HttpClient } from '../support/http-client.js';
import { ended, jobOf } from '../support/passthru.js';
import { type DataDirectory, dataDirectory, type Service } from '../support/service.js';
import { until } from '../support/until.js';
import { WatchFile } from '../support/watch.js';
import { call, watchedNode } from './calls.js';

/** Set `FERRULE_TEST_PROCESSES=20` for as many as can work on the usual 100 connections of PostgreSQL. */
const PROCESSES = Number(process.env['FERRULE_TEST_PROCESSES'] ?? 3);
/** Four for each, as of 20 on 100, and four for one that starts. */
const SESSIONS = 4 * (PROCESSES + 1);
const NODES = 12;
const CALLS = 6;

const LISTS = ['/v1/nodes', '/v1/locks', '/v1/nodes?fields=name'].map(
  (path) => (http: HttpClient) => http.get(path),
);

/** A database with a role that may have only a few sessions. */
class FewSessions {
  private constructor(
    private readonly role: string,
    private readonly admin: pg.Client,
    readonly url: string,
    private readonly drop: () => Promise<void>,
  ) {}

  static async open(limit: number): Promise<FewSessions> {
    const role = `few_${process.pid}_${limit}`;
    const place = await testDatabase();
    const admin = new pg.Client(place.connection);
    await admin.connect();
    await admin.query(`create role ${role} login connection limit ${limit}`);
    await admin.query(`grant all on all tables in schema public to ${role}`);
    await admin.query(`grant all on all sequences in schema public to ${role}`);
    await admin.query(
      `do $$ begin execute format('grant create on database %I to ${role}', current_database()); end $$`,
    );
    const url = urlOf({ ...place.connection, user: role });
    return new FewSessions(role, admin, url, () => place.drop());
  }

  async used(): Promise<number> {
    const { rows } = await this.admin.query<{ count: number }>(
      `select count(*)::int as count from pg_stat_activity where usename = '${this.role}'`,
    );
    return rows[0]?.count ?? 0;
  }

  /** Which sessions there are. */
  async sessions(): Promise<readonly string[]> {
    const { rows } = await this.admin.query<{ session: string }>(
      `select concat_ws(' ', pid, backend_start) as session from pg_stat_activity
        where usename = '${this.role}' order by 1`,
    );
    return rows.map(({ session }) => session);
  }

  /** Waits until some process has renewed its lease. */
  async renewal(): Promise<void> {
    const latest = async (): Promise<string | undefined> => {
      const { rows } = await this.admin.query<{ at: string }>(
        'select max(expires_at)::text as at from conductors',
      );
      return rows[0]?.at;
    };
    const before = await latest();
    await until(async () => (await latest()) !== before);
  }

  /** Statements about the tables wait. @returns what ends that. */
  async lock(...tables: readonly string[]): Promise<() => Promise<void>> {
    await this.admin.query(`begin; lock table ${tables.join()} in access exclusive mode`);
    return async () => void (await this.admin.query('rollback'));
  }

  async close(): Promise<void> {
    await this.admin.query(`drop owned by ${this.role} cascade`);
    await this.admin.query(`drop role ${this.role}`);
    await this.admin.end();
    await this.drop();
  }
}

describe(`${PROCESSES} processes on a PostgreSQL that allows ${SESSIONS} sessions`, () => {
  let database: FewSessions;
  let directory: DataDirectory;
  let watch: WatchFile;
  let services: Service[];
  beforeAll(async () => {
    database = await FewSessions.open(SESSIONS);
    directory = await dataDirectory({ isNew: true });
    watch = new WatchFile(directory.path);
    services = [];
    const start = () => {
      const env = { FERRULE_DATABASE_URL: database.url, FERRULE_HOSTNAME: `process-${services.length}` };
      return directory.start({ ...watch.env, ...env });
    };
    while (services.length < PROCESSES) services.push(await start());
  });
  afterAll(async () => {
    await directory.dispose();
    await database.close();
  });

  it('answer every call and run every job, while clients follow jobs in each', async () => {
    const [first] = services as [Service, ...Service[]];
    const streams = await Promise.all(
      services.map(async ({ http }) => (await EventClient.open(`${http.base}/v1/events`)).begun()),
    );
    const nodes: string[] = [];
    while (nodes.length < NODES) nodes.push(await watchedNode(first.http));
    const statuses: number[] = [];
    const jobs: string[] = [];
    await Promise.all(
      nodes.map(async (node, place) => {
        for (let round = 0; round < CALLS; round++) {
          const { http } = services[(place + round) % PROCESSES] ?? first;
          const id = `${place}-${round}`;
          const isJob = round === CALLS - 1;
          const answer = await call(http, node, isJob ? 'watch_job' : 'watch', { id, milliseconds: 1 });
          statuses.push(answer.status);
          if (isJob) jobs.push(jobOf(answer));
        }
      }),
    );
    expect(statuses.filter((status) => status >= 300)).toEqual([]);
    const documents = await Promise.all(jobs.map((path) => ended(first.http, path)));
    expect(documents.map(({ state }) => state)).toEqual(jobs.map(() => 'succeeded'));
    expect(watch.breaches()).toEqual([]);
    for (const stream of streams) {
      await until(() => stream.states.filter((state) => state === 'succeeded').length === jobs.length);
      stream.close();
    }
  });

  it('keep their sessions while nothing is asked', async () => {
    await until(async () => {
      const before = await database.sessions();
      for (let renewals = 0; renewals < 3; renewals++) await database.renewal();
      return (await database.sessions()).join() === before.join();
    });
  });
});

describe('a process whose share is seven sessions', () => {
  const SHARE = 7;
  let database: FewSessions;
  let directory: DataDirectory;
  let watch: WatchFile;
  let service: Service;
  beforeAll(async () => {
    database = await FewSessions.open(2 * SHARE);
    directory = await dataDirectory({ isNew: true });
    watch = new WatchFile(directory.path);
    service = await directory.start({ ...watch.env, FERRULE_DATABASE_URL: database.url });
  });
  afterAll(async () => {
    await directory.dispose();
    await database.close();
  });

  it('has no more while a stream is open, a job runs, and calls need every pool', async () => {
    const { http } = service;
    const stream = await (await EventClient.open(`${http.base}/v1/events`)).begun();
    const nodes: string[] = [];
    while (nodes.length < NODES) nodes.push(await watchedNode(http));
    const [running = '', ...idle] = nodes;
    // Not the same, since a lock whose answer was lost is held until it is found.
    const others = idle.slice(NODES / 2);
    const gate = watch.gate();
    const job = jobOf(await call(http, running, 'watch_job', { id: 'running', gate: gate.path }));
    await until(() => watch.has('begin', 'running'));

    const seen: number[] = [];
    const look = async (): Promise<number> => {
      seen.push(await database.used());
      return seen.at(-1) ?? 0;
    };
    const isPressed = async (): Promise<boolean> => {
      const { text } = await http.get('/metrics');
      return /^ferrule_database_waiting\{pool="main"\} [1-9]/m.test(text);
    };
    // Nothing is answered, so calls and lists open all sessions that they get, and then wait for one.
    let isFull = false;
    const free = await database.lock('nodes', 'reservations');
    const pressing = [
      ...idle.slice(0, NODES / 2).map((node) => () => call(http, node, 'watch', { id: 'none' })),
      ...LISTS,
    ].map(async (ask) => {
      while (!isFull) await ask(http);
    });
    await until(async () => (await look()) > 0 && (await isPressed()));
    isFull = true;
    await free();
    await Promise.all(pressing);

    let isOver = false;
    const calls = Promise.all(
      others.map(async (node, place) => {
        for (let round = 0; round < CALLS; round++) {
          const id = `${place}-${round}`;
          (await call(http, node, 'watch', { id, milliseconds: 1 })).expect(200);
          await ended(http, jobOf(await call(http, node, 'watch_job', { id: `${id}-job` })));
        }
      }),
    ).finally(() => (isOver = true));
    while (!isOver) await look();
    await calls;
    gate.open();
    expect((await ended(http, job)).state).toBe('succeeded');
    stream.close();
    expect(Math.max(...seen)).toBeLessThanOrEqual(SHARE);
  });
});
