import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../src/cli/program.js';
import { VARIABLES } from '../../src/config/environment.js';
import { type TestDatabase, testDatabase } from '../support/database.js';

async function ferrule(args: string[], env: NodeJS.ProcessEnv = {}) {
  const printed: string[] = [];
  const complaints: string[] = [];
  const code = await run(args, env, {
    print: (text) => printed.push(text),
    complain: (text) => complaints.push(text),
  });
  return { code, printed: printed.join('\n'), complaints: complaints.join('\n') };
}

describe('ferrule', () => {
  it('prints its help, and refuses unknown commands and options', async () => {
    const help = await ferrule(['--help']);
    expect(help.code).toBe(0);
    for (const command of ['serve', 'drivers', 'migrate', 'backup', 'restore', 'doctor', 'config', 'openapi'])
      expect(help.printed).toContain(command);
    expect(await ferrule(['srve'])).toMatchObject({
      code: 2,
      complaints: expect.stringMatching(/unknown command 'srve'/),
    });
  });

  it('reports all errors in the configuration, for every command', async () => {
    for (const command of [
      ['serve'],
      ['drivers'],
      ['migrate'],
      ['backup', 'x'],
      ['restore', 'x'],
      ['config', '--show'],
    ]) {
      const { code, complaints } = await ferrule(command, { FERRULE_PORT: 'x', FERRULE_LEASE: '-1' });
      expect(code).toBe(1);
      expect(complaints).toMatch(/FERRULE_PORT must be a whole number.*FERRULE_LEASE must be/s);
    }
  });
});

describe('ferrule serve', () => {
  it('reports a wrong host and a wrong folder of drivers with all other errors', async () => {
    const { code, complaints } = await ferrule(['serve'], {
      FERRULE_HOST: 'foo_bar.invalid',
      FERRULE_LEASE: '-1',
      FERRULE_DRIVER_ROOT: '/nowhere',
    });
    expect(code).toBe(1);
    expect(complaints.split('\n')).toEqual([
      'The configuration is wrong:',
      expect.stringMatching(/FERRULE_DRIVER_ROOT must be a folder with a package.json, not '\/nowhere'$/),
      expect.stringMatching(/FERRULE_LEASE must be/),
      expect.stringMatching(/FERRULE_HOST=foo_bar.invalid is neither an address .* Set it to an address/),
    ]);
  });
});

describe('ferrule config', () => {
  it('shows the values in force and hides the secrets', async () => {
    const { code, printed } = await ferrule(['config', '--show'], {
      FERRULE_DATABASE_URL: 'postgresql://u:hunter2@db/x',
      FERRULE_LOCK_TRIES: '5',
    });
    expect(code).toBe(0);
    expect(printed).not.toContain('hunter2');
    expect(printed.split('\n')).toEqual(
      expect.arrayContaining([
        'FERRULE_DATABASE_URL=(hidden)',
        'FERRULE_LOCK_TRIES=5',
        '# FERRULE_PORT=6385',
      ]),
    );
    for (const { key } of VARIABLES) expect(printed).toContain(`${key}=`);
  });

  it('has a table that names every setting', async () => {
    const { printed } = await ferrule(['config', '--table']);
    for (const { key, path } of VARIABLES) {
      const name = path.length === 1 ? key : key.replace((path[1] ?? '').toUpperCase(), '<KIND>');
      expect(printed).toContain(`| \`${name}\` |`);
    }
  });
});

describe('ferrule openapi', () => {
  it('writes the document without a database', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ferrule-cli-'));
    const file = join(folder, 'openapi.json');
    expect(await ferrule(['openapi', '--out', file])).toEqual({ code: 0, printed: '', complaints: '' });
    expect(Object.keys((JSON.parse(readFileSync(file, 'utf8')) as { paths: object }).paths)).toContain(
      '/v1/nodes',
    );
    rmSync(folder, { recursive: true });
  });
});

describe('ferrule openapi --out', () => {
  it('says why a file cannot be written', async () => {
    expect(await ferrule(['openapi', '--out', '/nowhere/openapi.json'])).toEqual({
      code: 1,
      printed: '',
      complaints: expect.stringMatching(
        /^The document cannot be written to \/nowhere\/openapi.json \(.*Give --out a file in a folder that exists/,
      ),
    });
  });
});

describe('ferrule migrate', () => {
  let place: TestDatabase;
  let url: string;

  beforeAll(async () => {
    place = await testDatabase();
    if (!('host' in place.connection)) throw new TypeError('The test database is on a socket.');
    const { host, user, database } = place.connection;
    url = `postgresql://${user}@localhost/${database}?host=${encodeURIComponent(host)}`;
  });
  afterAll(() => place.drop());

  it('fills an empty database; before that the service refuses it', async () => {
    const env = {
      FERRULE_DATABASE_URL: url,
      FERRULE_ENABLED_HARDWARE_TYPES: 'fake-hardware',
      FERRULE_LOG_LEVEL: 'silent',
    };
    expect(await ferrule(['migrate'], env)).toMatchObject({
      code: 0,
      printed: 'The database is up to date.',
    });

    const database = place.open();
    await database.query({ name: 'empty', text: 'drop schema public cascade' }, []);
    await database.query({ name: 'again', text: 'create schema public' }, []);
    await database.close();
    expect(await ferrule(['serve'], env)).toMatchObject({
      code: 1,
      complaints: expect.stringMatching(/lacks 0001-initial.*Run: ferrule migrate/),
    });
    expect(await ferrule(['migrate'], env)).toMatchObject({
      code: 0,
      printed: expect.stringContaining('Applied the migrations 0001-initial'),
    });
  });

  it('and the service refuse a database that a later version has brought up to date', async () => {
    const database = place.open();
    const record = `insert into schema_migrations (number, name, checksum) values (9999, 'later', '')`;
    await database.query({ name: 'later', text: record }, []);
    const env = { FERRULE_DATABASE_URL: url, FERRULE_ENABLED_HARDWARE_TYPES: 'fake-hardware' };
    for (const command of ['migrate', 'serve']) {
      expect(await ferrule([command], { ...env, FERRULE_LOG_LEVEL: 'silent' })).toMatchObject({
        code: 1,
        complaints: expect.stringMatching(
          /^The database is newer than this version .* 9999-later\. Use the version/,
        ),
      });
    }
    await database.query(
      { name: 'as before', text: 'delete from schema_migrations where number = 9999' },
      [],
    );
    await database.close();
  });

  it('has nothing to do without FERRULE_DATABASE_URL', async () => {
    expect(await ferrule(['migrate'], {})).toEqual({
      code: 1,
      printed: '',
      complaints: expect.stringMatching(/^FERRULE_DATABASE_URL is not set.*whenever the service starts\.$/),
    });
  });

  it('says why a database cannot be used, without the password', async () => {
    const { code, complaints } = await ferrule(['migrate'], {
      FERRULE_DATABASE_URL: 'postgresql://u:hunter2@127.0.0.1:1/x',
      FERRULE_DATABASE_WAIT: '600ms',
    });
    expect(code).toBe(1);
    const lines = complaints.split('\n');
    expect(lines.at(0)).toMatch(
      /does not answer yet \(connect ECONNREFUSED 127\.0\.0\.1:1\); trying for 1 s/,
    );
    expect(lines.at(-1)).toMatch(
      /^The database of FERRULE_DATABASE_URL does not answer: connect ECONNREFUSED .*FERRULE_DATABASE_WAIT/,
    );
    expect(complaints).not.toContain('hunter2');
  });

  it('says that a database does not exist, without a retry', async () => {
    const missing = url.replace(/\/test_[^?]*/, '/missing');
    const { code, complaints } = await ferrule(['migrate'], { FERRULE_DATABASE_URL: missing });
    expect(code).toBe(1);
    expect(complaints).toMatch(/^The database 'missing' of FERRULE_DATABASE_URL does not exist; create it/);
  });
});
