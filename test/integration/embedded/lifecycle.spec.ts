import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { EmbeddedServer } from '../../../src/database/embedded/embedded-server.js';
import { commandOf } from '../../../src/database/embedded/process-identity.js';
import { silent } from '../../../src/logging/log.js';
import { type Child, startTypeScript } from '../../support/child.js';
import { childrenOf, hasProc, processesOf, signal } from '../../support/processes.js';
import { describeOnlyWhere } from '../../support/require.js';
import { until } from '../../support/until.js';

const MEMBER = join(import.meta.dirname, 'member.ts');

/** A process id may be in use by another program. */
function isServer(pid: number | undefined): boolean {
  return pid !== undefined && /postgres/.test(commandOf(pid));
}

/** As text, of the server that answers. */
async function startTime(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ time: string }>('select pg_postmaster_start_time()::text as time');
  return rows[0]?.time ?? '';
}

/** How often servers of the data directory became ready. */
function startsIn(dataDir: string): number {
  return readFileSync(join(dataDir, 'postgres.log'), 'utf8').split('ready to accept connections').length - 1;
}

describe('EmbeddedServer', () => {
  let dataDir: string;
  const children: Child[] = [];

  function startMember(): Child {
    const child = startTypeScript(MEMBER, [dataDir]);
    children.push(child);
    return child;
  }

  beforeAll(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'ferrule-embedded-'));
    // As root the server runs as nobody, who must be able to enter.
    chmodSync(dataDir, 0o755);
  });

  afterEach(async () => {
    await Promise.all(children.splice(0).map((child) => child.kill()));
    if (hasProc && processesOf(dataDir).length === 0) return;
    const server = await new EmbeddedServer(dataDir, silent).join();
    await server.leave();
  });

  afterAll(() => {
    const away = dirname(realpathSync(join(dataDir, 'postgres')));
    if (away !== realpathSync(dataDir)) rmSync(away, { recursive: true });
    rmSync(dataDir, { recursive: true });
  });

  it('is started once by two processes that start at the same time, and stopped by the last one', async () => {
    const [first, second] = [startMember(), startMember()];
    const pid = Number(await first.line());
    expect(Number(await second.line())).toBe(pid);

    first.say('leave');
    expect(await first.ended()).toBe(0);
    expect(isServer(pid)).toBe(true);

    second.say('leave');
    expect(await second.ended()).toBe(0);
    expect(isServer(pid)).toBe(false);
  });

  it('survives the kill -9 of its only member, and is adopted by the next', async () => {
    const owner = startMember();
    const pid = Number(await owner.line());
    await owner.kill();
    expect(isServer(pid)).toBe(true);

    const heir = await new EmbeddedServer(dataDir, silent).join();
    expect(heir.pid).toBe(pid);
    await heir.leave();
    expect(isServer(pid)).toBe(false);
  });

  (hasProc ? it : it.skip)(
    'starts again although a frozen session of a killed server never ends',
    async () => {
      const owner = startMember();
      const pid = Number(await owner.line());
      const session = childrenOf(pid).find((child) => commandOf(child).includes('[local]')) ?? 0;
      signal(session, 'SIGSTOP');
      signal(pid, 'SIGKILL');
      await owner.kill();

      const heir = await new EmbeddedServer(dataDir, silent).join();
      expect(isServer(heir.pid)).toBe(true);
      expect(commandOf(session)).toBe('');
      await heir.leave();
    },
  );

  it('does not signal another program whose command names its folder and whose id is in its pid file', async () => {
    const first = await new EmbeddedServer(dataDir, silent).join();
    await first.leave();
    const folder = realpathSync(join(dataDir, 'postgres'));
    const stranger = spawn(process.execPath, [
      '-e',
      'setInterval(() => {}, 1000)',
      `${folder}/log`,
      '-D',
      `${folder}.old`,
    ]);
    try {
      await once(stranger, 'spawn');
      expect(commandOf(stranger.pid ?? 0)).toContain(folder);
      writeFileSync(join(folder, 'postmaster.pid'), `${stranger.pid}\n`);
      const server = await new EmbeddedServer(dataDir, silent).join();
      expect(server.pid).not.toBe(stranger.pid);
      expect(isServer(server.pid)).toBe(true);
      await server.leave();
      expect(stranger.signalCode).toBeNull();
    } finally {
      stranger.kill('SIGKILL');
    }
  });

  it('is ended by force when its last member leaves and it does not answer', async () => {
    const server = await new EmbeddedServer(dataDir, silent).join();
    const { pid } = server;
    const client = new pg.Client({ ...(await server.database('ferrule')) });
    await client.connect();
    const { rows } = await client.query<{ pid: number }>(
      `select pid from pg_stat_activity where application_name = 'ferrule-member'`,
    );
    await client.end();
    for (const frozen of [pid, ...rows.map((row) => row.pid)]) process.kill(frozen ?? 0, 'SIGSTOP');
    await server.leave();
    expect(isServer(pid)).toBe(false);
  });

  it('is restarted once when it dies, and serves all its members', async () => {
    const member = startMember();
    const pid = Number(await member.line());
    const server = await new EmbeddedServer(dataDir, silent).join();
    const pool = new pg.Pool({ ...(await server.database('ferrule')), max: 2 });
    pool.on('error', () => {});
    await pool.query('create table kept as select 1 as one');
    const dead = await startTime(pool);
    const starts = startsIn(dataDir);

    process.kill(pid, 'SIGKILL');
    // Until then a session of the dead server may answer, which outlives it for a moment.
    await until(async () => (await startTime(pool)) !== dead);
    expect((await pool.query('select one from kept')).rows).toEqual([{ one: 1 }]);

    // The other member has joined the new server, which therefore survives when this one leaves.
    await until(async () => {
      const { rows } = await pool.query(
        `select count(*)::int as members from pg_locks join pg_stat_activity using (pid)
         where application_name = 'ferrule-member' and locktype = 'advisory' and granted`,
      );
      return (rows as { members: number }[])[0]?.members === 2;
    });
    const next = server.pid;
    expect(next).not.toBe(pid);
    expect(startsIn(dataDir)).toBe(starts + 1);
    await pool.end();
    await server.leave();
    expect(isServer(next)).toBe(true);
    member.say('leave');
    expect(await member.ended()).toBe(0);
    expect(isServer(next)).toBe(false);
  });

  it('ends with its last member, also when many join and leave at the same time', async () => {
    const pids = new Set<number | undefined>();
    const visit = async () => {
      for (let round = 0; round < 5; round++) {
        const server = await new EmbeddedServer(dataDir, silent).join();
        pids.add(server.pid);
        await server.leave();
      }
    };
    await Promise.all([visit(), visit(), visit(), visit()]);
    expect(pids.has(undefined)).toBe(false);
    expect([...pids].filter(isServer)).toEqual([]);
  });

  it('loses nothing that was acknowledged when everything is killed', async () => {
    let acknowledged = -1;
    for (let round = 0; round < 4; round++) {
      const writer = startMember();
      const pid = Number(await writer.line());
      writer.say(`write ${acknowledged + 1}`);
      for (let lines = 0; lines < 40 + round * 17; lines++) acknowledged = Number(await writer.line());
      process.kill(pid, 'SIGKILL');
      await writer.kill();

      const server = await new EmbeddedServer(dataDir, silent).join();
      const client = new pg.Client({ ...(await server.database('ferrule')) });
      await client.connect();
      const { rows } = await client.query<{ count: number; last: number }>(
        'select count(*)::int as count, max(number)::int as last from written',
      );
      await client.end();
      await server.leave();
      expect(rows[0]?.last).toBeGreaterThanOrEqual(acknowledged);
      expect(rows[0]?.count).toBe((rows[0]?.last ?? 0) + 1);
      acknowledged = rows[0]?.last ?? acknowledged;
    }
  });

  it('starts although its pid file names another living process, and its lock a dead one', async () => {
    const server = await new EmbeddedServer(dataDir, silent).join();
    const folder = realpathSync(join(dataDir, 'postgres'));
    await server.leave();
    const now = Math.floor(Date.now() / 1000);
    writeFileSync(join(folder, 'postmaster.pid'), `${process.pid}\n${folder}\n${now}\n5432\n${folder}\n\n`);
    writeFileSync(join(dataDir, 'start.lock'), `${process.pid} 0/of-a-process-before-this one\n`);

    const again = await new EmbeddedServer(dataDir, silent).join();
    expect(isServer(again.pid)).toBe(true);
    await again.leave();
  });

  it('finds a shorter folder for its socket when the path is too long for one', async () => {
    const deep = join(dataDir, 'a-long-name-'.repeat(9));
    const server = await new EmbeddedServer(deep, silent).join();
    const connection = await server.database('ferrule');
    expect(connection).toMatchObject({
      host: expect.stringMatching(/^\/tmp\/\.ferrule-[0-9a-f]{16}(\/socket)?$/) as string,
    });
    await server.leave();
    if ('host' in connection) rmSync(connection.host.replace(/\/socket$/, ''), { recursive: true });
  });

  describe('abandoned', () => {
    it('is killed by its last member, suspended or not', async () => {
      for (const isFrozen of [false, true]) {
        const server = await new EmbeddedServer(dataDir, silent).join();
        const pid = server.pid ?? 0;
        if (isFrozen) process.kill(pid, 'SIGSTOP');
        await server.abandon();
        expect(isServer(pid)).toBe(false);
      }
    });

    it('keeps running for a process that needs it', async () => {
      const member = startMember();
      const pid = Number(await member.line());
      const server = await new EmbeddedServer(dataDir, silent).join();
      await server.abandon();
      expect(isServer(pid)).toBe(true);
      member.say('leave');
      expect(await member.ended()).toBe(0);
    });

    it('is killed although a process that was killed had joined it', async () => {
      const member = startMember();
      const pid = Number(await member.line());
      const server = await new EmbeddedServer(dataDir, silent).join();
      await member.kill();
      await server.abandon();
      expect(isServer(pid)).toBe(false);
    });
  });

  it('reports a database of another PostgreSQL version', async () => {
    const server = await new EmbeddedServer(dataDir, silent).join();
    await server.leave();
    const version = join(realpathSync(join(dataDir, 'postgres')), 'PG_VERSION');
    writeFileSync(version, '9\n');
    try {
      await expect(new EmbeddedServer(dataDir, silent).join()).rejects.toThrow(
        /was made by PostgreSQL 9, .* has 18/,
      );
    } finally {
      writeFileSync(version, '18\n');
    }
  });

  it('reports the error of PostgreSQL when it does not start', async () => {
    const server = await new EmbeddedServer(dataDir, silent).join();
    await server.leave();
    const settings = join(realpathSync(join(dataDir, 'postgres')), 'postgresql.auto.conf');
    writeFileSync(settings, "nonsense = 'yes'\n");
    try {
      await expect(new EmbeddedServer(dataDir, silent).join()).rejects.toThrow(/did not start: .*"nonsense"/);
    } finally {
      writeFileSync(settings, '');
    }
  });
});

describeOnlyWhere(process.getuid?.() === 0, 'only root meets this')('EmbeddedServer of root', () => {
  it('joins a running server although the server’s user could not start there', async () => {
    const above = mkdtempSync(join(tmpdir(), 'ferrule-above-'));
    chmodSync(above, 0o755);
    const path = join(above, 'data');
    const first = await new EmbeddedServer(path, silent).join();
    chmodSync(above, 0o700);
    const second = await new EmbeddedServer(path, silent).join();
    expect(second.pid).toBe(first.pid);
    await second.leave();
    await first.leave();
    await expect(new EmbeddedServer(path, silent).join()).rejects.toThrow(
      /can no longer enter a folder above/,
    );
    rmSync(above, { recursive: true });
  });

  it('keeps its data in another folder when only root can enter the data directory, and finds it again', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'ferrule-embedded-'));
    const inside = join(dataDir, 'data');
    const server = await new EmbeddedServer(inside, silent).join();
    const folder = realpathSync(join(inside, 'postgres'));
    try {
      expect(folder.startsWith(realpathSync(dataDir))).toBe(false);
      await server.database('kept');
      await server.leave();

      const again = await new EmbeddedServer(inside, silent).join();
      const client = new pg.Client({ ...(await again.database('kept')) });
      await client.connect();
      await client.end();
      await again.leave();
      expect(existsSync(join(folder, 'postmaster.pid'))).toBe(false);
    } finally {
      await server.leave();
      rmSync(dirname(folder), { recursive: true });
      rmSync(dataDir, { recursive: true });
    }
  });
});
