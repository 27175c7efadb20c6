import pg from 'pg';
import { type Connection } from '../../src/database/sessions/connection.js';
import { testDatabase, type TestDatabase, urlOf } from '../support/database.js';
import { type DataDirectory, dataDirectory, type Service } from '../support/service.js';
import { WatchFile } from '../support/watch.js';
import { ended, jobOf } from '../support/passthru.js';
import { call, watchedNode } from './calls.js';

const PROCESSES = 3;
/** As many for each process as of 20 on a PostgreSQL with its usual 100 connections. */
const SESSIONS = 16;
const NODES = 12;
const CALLS = 6;

describe('three processes on a PostgreSQL that allows sixteen sessions', () => {
  const role = `few_${process.pid}`;
  let place: TestDatabase;
  let admin: pg.Client;
  let directory: DataDirectory;
  let watch: WatchFile;
  let services: Service[];
  beforeAll(async () => {
    place = await testDatabase();
    admin = new pg.Client(place.connection);
    await admin.connect();
    await admin.query(`create role ${role} login connection limit ${SESSIONS}`);
    await admin.query(`grant all on all tables in schema public to ${role}`);
    await admin.query(`grant all on all sequences in schema public to ${role}`);
    await admin.query(
      `do $$ begin execute format('grant create on database %I to ${role}', current_database()); end $$`,
    );
    directory = await dataDirectory();
    watch = new WatchFile(directory.path);
    const connection = { ...place.connection, user: role } as Connection;
    services = await Promise.all(
      Array.from({ length: PROCESSES }, (_, number) =>
        directory.start({
          ...watch.env,
          FERRULE_DATABASE_URL: urlOf(connection),
          FERRULE_HOSTNAME: `process-${number}`,
        }),
      ),
    );
  });
  afterAll(async () => {
    await directory.dispose();
    await admin.query(`drop owned by ${role} cascade`);
    await admin.query(`drop role ${role}`);
    await admin.end();
    await place.drop();
  });

  it('answer every call and run every job', async () => {
    const [first] = services as [Service, ...Service[]];
    const nodes = await Promise.all(Array.from({ length: NODES }, () => watchedNode(first.http)));
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
  });
});
