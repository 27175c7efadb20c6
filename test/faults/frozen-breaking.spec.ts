import { join } from 'node:path';
import pg from 'pg';
import { Database } from '../../src/database/database.js';
import { EmbeddedServer } from '../../src/database/embedded/embedded-server.js';
import { silent } from '../../src/logging/log.js';
import { hasProc, postmasterOf, signalTree } from '../support/processes.js';
import { describeOnlyWhere } from '../support/require.js';
import { type DataDirectory, dataDirectory, type Service } from '../support/service.js';
import { until } from '../support/until.js';
import { WatchFile } from '../support/watch.js';
import { call, holdSoon, watchedNode } from './calls.js';

/** Milliseconds; longer than any limit of the service. */
const HUNG = 40_000;
const PROBLEM = { Accept: 'application/problem+json' };
const BLOCKED = `
  select from pg_stat_activity where wait_event_type = 'Lock' and query like '%with seen as materialized%'`;

describeOnlyWhere(hasProc, 'processes are found in /proc')(
  'a PostgreSQL that freezes while a lock is broken',
  () => {
    let directory: DataDirectory;
    let server: EmbeddedServer;
    let database: Database;
    let rowLock: pg.Client;
    let service: Service;
    let watch: WatchFile;
    let postmaster: number;
    beforeAll(async () => {
      directory = await dataDirectory();
      server = await new EmbeddedServer(join(directory.path, 'data'), silent).join();
      const connection = await server.database('ferrule');
      database = Database.at(connection, silent);
      rowLock = new pg.Client(connection);
      await rowLock.connect();
      watch = new WatchFile(directory.path);
      service = await directory.start({ ...watch.env, FERRULE_LEASE: '60s' });
      postmaster = postmasterOf(join(directory.path, 'data'));
    });
    afterAll(async () => {
      signalTree(postmaster, 'SIGCONT');
      await rowLock.end();
      await database.close();
      await directory.dispose();
      await server.leave();
    });

    const breakIt = (node: string, fence: number) =>
      service.http.delete(`/v1/locks/${node}?fence=${fence}`, {
        headers: PROBLEM,
        signal: AbortSignal.timeout(HUNG),
      });

    async function fenceOf(node: string): Promise<number> {
      const text = 'select fence::int from reservations join nodes on nodes.id = node_id where uuid = $1';
      const rows = await database.query<{ fence: number }>({ name: 'test-fence', text }, [node]);
      return rows[0]?.fence ?? 0;
    }

    /** A call that holds its node, until its lock is broken. */
    async function held(id: string) {
      const node = await watchedNode(service.http);
      const gate = watch.gate();
      const running = call(service.http, node, 'watch', { id, gate: gate.path });
      await until(() => watch.has('begin', id));
      return { node, running, fence: await fenceOf(node) };
    }

    it('makes the answer say that the outcome is unknown, and the lock is broken once at most', async () => {
      const { node, running, fence } = await held('in the middle');
      await rowLock.query('begin');
      await rowLock.query(
        'select from reservations where node_id = (select id from nodes where uuid = $1) for update',
        [node],
      );
      const breaking = breakIt(node, fence);
      await until(async () => (await database.query({ name: 'test-blocked', text: BLOCKED }, [])).length > 0);
      signalTree(postmaster, 'SIGSTOP');
      const answer = await breaking;
      expect(answer.expect(500).json()).toMatchObject({ code: 'OutcomeUnknown' });
      expect(answer.text).toContain('outcome is unknown');
      signalTree(postmaster, 'SIGCONT');
      await rowLock.query('rollback');
      await service.ready();
      expect([fence, fence + 1]).toContain(await fenceOf(node));
      // That lock, and no other, also if it was broken the first time.
      expect([200, 404]).toContain((await breakIt(node, fence)).status);
      expect(await fenceOf(node)).toBe(fence + 1);
      expect((await running).status).toBe(500);
      expect(watch.has('abort', 'in the middle')).toBe(true);
      await holdSoon(service.http, node, 'afterwards');
      expect(watch.breaches()).toEqual([]);
      await until(async () => {
        const { audit } = (await service.http.get(`/v1/audit?node=${node}&action=ferrule:lock:break`)).json<{
          audit: { event: string; error?: string | null }[];
        }>();
        return audit.some(({ error }) => error === 'OutcomeUnknown');
      });
    });

    it('refuses the request, and breaks no lock, if nothing was sent before', async () => {
      const { node, running, fence } = await held('before');
      signalTree(postmaster, 'SIGSTOP');
      const answer = await breakIt(node, fence);
      expect(answer.expect(503).json()).toMatchObject({ code: 'DatabaseUnavailable' });
      signalTree(postmaster, 'SIGCONT');
      await service.ready();
      expect(await fenceOf(node)).toBe(fence);
      await until(async () => (await breakIt(node, fence)).status === 200);
      expect((await running).status).toBe(500);
    });
  },
);
