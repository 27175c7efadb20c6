import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '../../../src/database/database.js';
import { EmbeddedServer } from '../../../src/database/embedded/embedded-server.js';
import { MIGRATIONS } from '../../../src/database/migrations/index.js';
import { type Connection } from '../../../src/database/sessions/connection.js';
import { withClient } from '../../../src/database/sessions/with-client.js';
import { KeyRegister } from '../../../src/keys/key-register.js';
import { KeyRing } from '../../../src/secrets/at-rest/key-ring.js';
import { silent } from '../../../src/logging/log.js';
import { testDatabase, type TestDatabase, urlOf } from '../../support/database.js';
import { ferruleHere } from '../../support/ferrule-here.js';
import { insertNode } from '../../support/nodes.js';
import { copyPreparedData } from '../../support/prepared-data.js';

const { number = 0, name = '' } = MIGRATIONS.at(-1) ?? {};
const OUTDATE = `delete from schema_migrations where number = ${number}`;
const ADVANCE = `update schema_migrations set number = 9999 where number = ${number}`;
const OLDER = new RegExp(`is older than this version of Ferrule: it lacks 00${number}-${name}\\.`);
const NEWER = /is newer than this version of Ferrule/;

async function sql(connection: Connection, ...texts: string[]): Promise<unknown[]> {
  return withClient(connection, {}, async (client) => {
    let rows: unknown[] = [];
    for (const text of texts) ({ rows } = await client.query<Record<string, unknown>>(text));
    return rows;
  });
}

const applied = (connection: Connection) =>
  sql(connection, 'select * from schema_migrations order by number');

/** They are for a database that a service has made. */
describe('Commands for an existing database', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ferrule-existing-'));
    // As root the database runs as nobody, who must be able to enter.
    await chmod(folder, 0o755);
  });
  afterAll(() => rm(folder, { recursive: true }));

  const key = randomBytes(32);
  const id = String(new KeyRing([key]).first);
  const keys = { FERRULE_SECRETS_KEY: key.toString('base64') };
  const refused = (why: RegExp) => ({
    code: 1,
    printed: [],
    complaints: expect.stringMatching(why) as string,
  });
  const commands = () => [
    ['audit', 'verify'],
    ['audit', 'export'],
    ['secrets', 'rotate'],
    ['backup', join(folder, 'backup')],
  ];

  it('make none where there is none', async () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    for (const data of [empty, join(folder, 'missing')]) {
      for (const command of commands()) {
        const ran = await ferruleHere(command, { ...keys, FERRULE_DATA_DIR: data });
        expect(ran).toEqual(refused(/^There is no database in .*Set FERRULE_DATA_DIR/));
      }
    }
    expect([readdirSync(empty), existsSync(join(folder, 'missing'))]).toEqual([[], false]);
  });

  describe('that is embedded', () => {
    let data: string;
    let server: EmbeddedServer;
    let connection: Connection;
    beforeAll(async () => {
      data = join(folder, 'data');
      await copyPreparedData(data);
      server = await new EmbeddedServer(data, silent).join();
      connection = server.connectionTo('ferrule');
    });
    afterAll(() => server.leave());

    it('say how secrets are encrypted in a backup, and which keys a restore needs', async () => {
      const file = (name: string) => join(folder, name);
      const here = { FERRULE_DATA_DIR: data };
      const clear = await ferruleHere(['backup', file('clear')], here);
      expect(clear.complaints).toContain('secrets of the database in the clear');
      const database = Database.at(connection, silent);
      await insertNode(database);
      await new KeyRegister(database).add(id);
      await database.close();
      const partly = await ferruleHere(['backup', file('partly')], { ...here, ...keys });
      expect(partly.complaints).toMatch(/may contain secrets in the clear.*ferrule secrets rotate/s);
      const rotated = await ferruleHere(['secrets', 'rotate'], { ...here, ...keys });
      expect(rotated.printed).toContain(`FERRULE_SECRETS_KEY has the key ${id} (encrypts).`);
      const sealed = await ferruleHere(['backup', file('sealed')], here);
      expect(sealed.complaints).toContain(`encrypted with the key ${id} of FERRULE_SECRETS_KEY`);
      expect(sealed.complaints).not.toContain('in the clear');

      const restored = (name: string, env: NodeJS.ProcessEnv) =>
        ferruleHere(['restore', file('sealed')], { FERRULE_DATA_DIR: join(folder, name), ...env });
      const without = await restored('without-key', {});
      expect(without.printed).toContain(`Its secrets are encrypted with the key ${id}.`);
      expect(without.complaints).toMatch(
        new RegExp(`with the key ${id}, but FERRULE_SECRETS_KEY is not set.*does not start`),
      );
      expect((await restored('with-key', keys)).complaints).not.toContain(id);
      await sql(connection, 'delete from nodes', 'delete from secrets_keys');
    });

    it('do not bring it up to date, and back up an older one', async () => {
      await sql(connection, OUTDATE);
      const before = await applied(connection);
      for (const command of commands().slice(0, 3)) {
        expect(await ferruleHere(command, { ...keys, FERRULE_DATA_DIR: data })).toEqual(refused(OLDER));
      }
      const file = join(folder, 'of-an-older-one');
      expect(await ferruleHere(['backup', file], { FERRULE_DATA_DIR: data })).toMatchObject({ code: 0 });
      expect(existsSync(file)).toBe(true);
      expect(await applied(connection)).toEqual(before);
    });

    it('refuse a newer one', async () => {
      await sql(
        connection,
        ADVANCE,
        `insert into schema_migrations values (9999, 'next', '') on conflict do nothing`,
      );
      for (const command of commands()) {
        expect(await ferruleHere(command, { ...keys, FERRULE_DATA_DIR: data })).toEqual(refused(NEWER));
      }
      expect(existsSync(join(folder, 'backup'))).toBe(false);
    });

    it('make none in a server that has none', async () => {
      await sql(server.connectionTo('postgres'), 'drop database ferrule with (force)');
      for (const command of commands()) {
        const ran = await ferruleHere(command, { ...keys, FERRULE_DATA_DIR: data });
        expect(ran).toEqual(refused(/^There is no database in/));
      }
      await expect(sql(connection, 'select')).rejects.toThrow('does not exist');
    });
  });

  describe('of one’s own', () => {
    let place: TestDatabase;
    beforeAll(async () => {
      place = await testDatabase();
    });
    afterAll(() => place.drop());

    it.each([
      ['older', OUTDATE, new RegExp(`${OLDER.source} Run: ferrule migrate$`)],
      ['newer', `insert into schema_migrations values (9999, 'next', '')`, NEWER],
      [
        'empty',
        'drop schema public cascade; create schema public',
        /has no tables of Ferrule: .*correct the URL/,
      ],
    ])('refuse one that is %s', async (_, change, why) => {
      await sql(place.connection, change);
      const env = { ...keys, FERRULE_DATABASE_URL: urlOf(place.connection) };
      for (const command of commands().slice(0, 3))
        expect(await ferruleHere(command, env)).toEqual(refused(why));
    });
  });
});
