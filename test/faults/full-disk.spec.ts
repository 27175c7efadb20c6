import { execFileSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { ended, fields, unlocked } from '../support/passthru.js';
import { describeOnlyWhere } from '../support/require.js';
import { type DataDirectory, dataDirectory, type Service } from '../support/service.js';
import { until } from '../support/until.js';
import { WatchFile } from '../support/watch.js';
import { call, hold, watchedNode } from './calls.js';

const NODES = 6;
const SIZE = '192m';
/** Of writes; most of PostgreSQL's are to a segment of its log that is on the disk already. It cannot be compressed. */
const FILLER = randomBytes(75_000).toString('base64');

const canMount = process.platform === 'linux' && process.getuid?.() === 0 && mounts();

/** Containers often forbid it, also to root. */
function mounts(): boolean {
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describeOnlyWhere(canMount, 'a small disk cannot be mounted')('A service whose disk is full', () => {
  let directory: DataDirectory;
  let watch: WatchFile;
  let disk: string;
  let service: Service;
  beforeEach(async () => {
    directory = await dataDirectory();
    watch = new WatchFile(directory.path);
    disk = join(directory.path, 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE},mode=0755`, 'tmpfs', disk]);
    service = await start();
  });
  afterEach(async () => {
    empty();
    await directory.stop();
    execFileSync('umount', [disk]);
    await directory.dispose();
  });

  const start = () =>
    directory.start({ ...watch.env, FERRULE_DATA_DIR: join(disk, 'data'), FERRULE_LEASE: '2m' });

  /** In smaller and smaller pieces, so that nothing is left. */
  function fill(): void {
    const file = openSync(join(disk, 'filler'), 'a');
    for (let size = 4_194_304; size >= 512;) {
      try {
        if (writeSync(file, Buffer.alloc(size)) < size) size /= 2;
      } catch {
        size /= 2;
      }
    }
    closeSync(file);
  }

  function empty(): void {
    rmSync(join(disk, 'filler'), { force: true });
  }

  /** Its next log file cannot be created, which ends it. */
  async function crashPostgres(): Promise<void> {
    const [, , , port, host] = readFileSync(join(disk, 'data', 'postgres', 'postmaster.pid'), 'utf8').split(
      '\n',
    );
    await until(async () => {
      const client = new pg.Client({ host, port: Number(port), user: 'ferrule', database: 'postgres' });
      client.on('error', () => {});
      try {
        await client.connect();
        for (let turn = 0; turn < 100; turn++) await client.query('select pg_switch_wal(), txid_current()');
        return false;
      } catch {
        return true;
      } finally {
        await client.end().catch(() => {});
      }
    });
  }

  it.each([
    ['the files of PostgreSQL cannot grow', async () => {}, false],
    ['its log cannot grow, so that it crashes', crashPostgres, true],
  ])(
    'refuses what it cannot store, says so, and goes on without a loss once there is room, when %s',
    async (_, crash, hasCrashed) => {
      const { http } = service;
      const nodes = await Promise.all(Array.from({ length: NODES }, () => watchedNode(http)));
      const [patched, running] = [await watchedNode(http), await watchedNode(http)];
      const gate = watch.gate();
      const long = await call(http, running, 'watch_job', { id: 'across', gate: gate.path });
      await until(() => watch.has('begin', 'across'));
      const statuses: number[] = [];
      const patches: number[] = [];
      const refused: string[] = [];
      const accepted = new Map<string, string>();
      let isOver = false;
      const callers = nodes.map(async (node) => {
        for (let turn = 0; !isOver; turn++) {
          const id = randomUUID();
          const answer = await hold(http, node, id, 5, turn % 2 === 0 ? 'watch' : 'watch_job');
          statuses.push(answer?.status ?? 0);
          if (answer?.status === 503) refused.push(id);
          if (answer?.status === 202) accepted.set(id, new URL(answer.headers.location ?? '').pathname);
        }
      });
      let stored = 0;
      const writer = (async () => {
        for (let turn = 1; !isOver; turn++) {
          const patch = [{ op: 'add', path: '/extra/turn', value: `${turn} ${FILLER}` }];
          const answer = await http.patch(`/v1/nodes/${patched}`, patch);
          patches.push(answer.status);
          if (answer.status === 200) stored = turn;
        }
      })();
      await until(() => accepted.size > 20 && stored > 3);
      fill();
      await crash();
      await until(async () => {
        const answer = await http.get('/readyz');
        return answer.status === 503 && /disk/.test(answer.text);
      });
      // A call may still find room for its lock and its job.
      const before = patches.length;
      await until(() => patches.length > before + 3 && patches.slice(-3).every((status) => status === 503));
      expect(service.log.includes('The connection to the embedded PostgreSQL was lost')).toBe(hasCrashed);
      gate.open();
      await until(() => watch.has('end', 'across'));
      empty();
      await until(() => [...statuses.slice(-5), ...patches.slice(-3)].every((status) => status < 300));
      isOver = true;
      await Promise.all([...callers, writer]);

      accepted.set('across', new URL(long.headers.location ?? '').pathname);
      for (const [id, path] of accepted) {
        const job = await ended(http, path);
        expect([id, job.state, job.error]).toEqual([id, 'succeeded', null]);
      }
      for (const node of [...nodes, patched, running]) await unlocked(http, node);
      const { extra } = await fields(http, patched, 'extra');
      expect(parseInt((extra as { turn: string }).turn, 10)).toBeGreaterThanOrEqual(stored);
      // Without room for the record of a call, its method is not called.
      expect(refused.filter((id) => watch.has('begin', id))).toEqual([]);
      expect(refused).not.toHaveLength(0);
      expect([...watch.begun().values()].filter((times) => times !== 1)).toEqual([]);
      expect(watch.breaches()).toEqual([]);
    },
  );
});
