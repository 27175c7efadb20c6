import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verify } from '../../../src/audit/chain.js';
import { identity, isRoot, nobody } from '../../../src/database/embedded/account.js';
import { initdb } from '../../../src/database/embedded/initdb.js';
import { probe } from '../../../src/database/embedded/probe.js';
import { EmbeddedServer } from '../../../src/database/embedded/embedded-server.js';
import { migrate, pendingMigrations } from '../../../src/database/migrate.js';
import { withClient } from '../../../src/database/sessions/with-client.js';
import { MIGRATIONS } from '../../../src/database/migrations/index.js';
import { Database } from '../../../src/database/database.js';
import { silent } from '../../../src/logging/log.js';
import { backUp, restore } from '../../support/backup.js';
import { runCommand } from '../../support/command.js';
import { testDatabase, urlOf } from '../../support/database.js';
import { insertNode } from '../../support/nodes.js';
import { ROOT } from '../../support/readme.js';
import { describeWhere } from '../../support/require.js';
import { until } from '../../support/until.js';

const PROGRAM = join(ROOT, 'bin/ferrule.mjs');
/** Where Debian's packages have them. */
const VERSIONS = '/usr/lib/postgresql';

const bin = existsSync(VERSIONS)
  ? readdirSync(VERSIONS)
      .filter((major) => major !== '18' && existsSync(join(VERSIONS, major, 'bin', 'initdb')))
      .map((major) => join(VERSIONS, major, 'bin'))
      .at(0)
  : undefined;

describeWhere(bin !== undefined, `no PostgreSQL of another major version is installed in ${VERSIONS}`)(
  'A database of an older PostgreSQL',
  () => {
    const programs = bin ?? '';
    const account = isRoot() ? nobody() : undefined;
    const signal = new AbortController().signal;
    let dataDir: string;
    let folder: string;
    let server: ChildProcess;
    const at = (database: string) => ({ host: folder, port: 5432, user: 'ferrule', database });

    beforeAll(async () => {
      dataDir = mkdtempSync(join(tmpdir(), 'ferrule-old-'));
      if (account) chownSync(dataDir, account.uid, account.gid);
      folder = join(dataDir, 'postgres');
      const where = { path: folder, account };
      await initdb({ initdb: join(programs, 'initdb') }, where, signal);
      server = spawn(
        join(programs, 'postgres'),
        ['-D', folder, '-k', folder, '-c', 'listen_addresses=', '-c', 'fsync=off'],
        { cwd: '/', stdio: 'ignore', ...identity(account) },
      );
      await until(async () => (await probe(at('postgres'))) === 'accepting');
    });
    afterAll(async () => {
      await stop();
      rmSync(dataDir, { recursive: true });
    });

    async function stop(): Promise<void> {
      if (server.exitCode !== null || server.signalCode !== null) return;
      server.kill('SIGINT');
      await once(server, 'exit');
    }

    it('is carried over to another one of its kind by the commands of docs/operating.md', async () => {
      const docs = readFileSync(join(ROOT, 'docs/operating.md'), 'utf8');
      const [, commands = ''] = /```sh\n(pg_dump .*?)```/s.exec(docs) ?? [];
      const [, settle = ''] = /```sh\n(.*ferrule restore --settle)\n```/.exec(docs) ?? [];
      const sql = (name: string, text: string) => withClient(at(name), {}, (client) => client.query(text));
      for (const name of ['own', 'other']) await sql('postgres', `create database ${name}`);
      await migrate(at('own'), 60);
      const database = Database.at(at('own'), silent);
      const { uuid } = await insertNode(database);
      await database.close();
      await sql('own', 'create schema ferrule_queue create table job (a integer)');
      await sql(
        'own',
        `insert into jobs (id, state, driver, vendor_interface, method, http_method, request_id)
         values (gen_random_uuid(), 'queued', 'd', 'v', 'm', 'POST', 'r')`,
      );
      const env = {
        PATH: `${programs}:${process.env['PATH'] ?? ''}`,
        FERRULE_DATABASE_URL: urlOf(at('own')),
        NEW_DATABASE_URL: urlOf(at('other')),
      };
      const script = `cd ${dataDir}\n${commands}`;
      expect(await runCommand('sh', ['-ec', script], env)).toMatchObject({ code: 0, stderr: '' });
      const settling = settle.replace(' ferrule ', ` "${process.execPath}" "${PROGRAM}" `);
      expect(await runCommand('sh', ['-ec', settling], env)).toMatchObject({ code: 0 });

      const nodes = await sql('other', 'select uuid, fence from nodes join reservations on node_id = id');
      expect(nodes.rows).toEqual([{ uuid, fence: '1000000000' }]);
      expect((await sql('other', 'select state from jobs')).rows).toEqual([{ state: 'outcome-unknown' }]);
      expect((await sql('other', `select to_regclass('ferrule_queue.job') as job`)).rows).toEqual([
        { job: null },
      ]);
      const restored = Database.at(at('other'), silent);
      expect(await verify(restored)).toMatchObject({ isWhole: true, count: 1 });
      await restored.close();
      expect(await pendingMigrations(at('other'))).toEqual([]);
    });

    it('is backed up there, restored in the embedded one, and refused as it is', async () => {
      const connection = at('postgres');
      await migrate(connection, 60);
      const database = Database.at(connection, silent);
      const node = await insertNode(database);
      await database.close();
      const { bytes } = await backUp(connection);

      const target = await testDatabase();
      const restored = target.open();
      try {
        for (const text of ['drop schema public cascade', 'create schema public']) {
          await restored.query({ name: text, text }, []);
        }
        await restore(target.connection, bytes);
        const rows = await restored.query({ name: 'uuids', text: 'select uuid from nodes' }, []);
        expect(rows).toEqual([{ uuid: node.uuid }]);
        const applied = await restored.query({ name: 'applied', text: 'select from schema_migrations' }, []);
        expect(applied).toHaveLength(MIGRATIONS.length);
      } finally {
        await restored.close();
        await target.drop();
      }

      await stop();
      const [, major] =
        /(\d+)/.exec(execFileSync(join(programs, 'postgres'), ['--version']).toString()) ?? [];
      await expect(new EmbeddedServer(dataDir, silent).join()).rejects.toThrow(
        new RegExp(
          `was made by PostgreSQL ${major}, and this version of Ferrule has \\d+\\. Stop the service, ` +
            'and run "ferrule backup <file>" with the version .* and run "ferrule restore --keep-queued <file>"',
        ),
      );
    });
  },
);
