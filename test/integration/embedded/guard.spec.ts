import { execFile } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { nobody } from '../../../src/database/embedded/account.js';
import { EmbeddedServer } from '../../../src/database/embedded/embedded-server.js';
import { silent } from '../../../src/logging/log.js';
import { describeOnlyWhere } from '../../support/require.js';

/** Tries to list a folder and to connect to a socket, and prints the two error codes. */
const INTRUDER = `
  const { readdirSync } = require('node:fs');
  const { connect } = require('node:net');
  const [folder, socket] = process.argv.slice(1);
  let listing = 'open';
  try { readdirSync(folder); } catch (error) { listing = error.code; }
  const print = (connection) => console.log(JSON.stringify({ listing, connection }));
  const client = connect(socket);
  client.on('connect', () => { print('open'); client.destroy(); });
  client.on('error', (error) => print(error.code));
`;

const SHUT = { listing: 'EACCES', connection: 'EACCES' };

async function intrude(account: { uid: number; gid: number }, folder: string, socketFolder: string) {
  const args = ['-e', INTRUDER, folder, join(socketFolder, '.s.PGSQL.5432')];
  const options = { ...account, cwd: '/', env: {} };
  const { stdout } = await promisify(execFile)(process.execPath, args, options);
  return JSON.parse(stdout) as { listing: string; connection: string };
}

async function folders(server: EmbeddedServer, dataDir: string) {
  const connection = await server.database('ferrule');
  if (!('host' in connection)) throw new TypeError('The embedded server is on a socket.');
  return { data: realpathSync(join(dataDir, 'postgres')), socket: connection.host };
}

describeOnlyWhere(process.getuid?.() === 0, 'only root starts the server as another user')(
  'The embedded server of root',
  () => {
    let dataDir: string;

    beforeEach(() => {
      dataDir = mkdtempSync(join(tmpdir(), 'ferrule-guard-'));
      chmodSync(dataDir, 0o755);
    });
    afterEach(() => rmSync(dataDir, { recursive: true }));

    async function expectKept({ socket }: { socket: string }): Promise<void> {
      const client = new pg.Client({ host: socket, port: 5432, user: 'ferrule', database: 'kept' });
      await client.connect();
      await client.end();
    }

    function move(): void {
      const moved = `${dataDir}-moved`;
      renameSync(dataDir, moved);
      dataDir = moved;
    }

    it('finds its database in a data directory that was moved', async () => {
      const first = await new EmbeddedServer(dataDir, silent).join();
      await first.database('kept');
      await first.leave();
      move();
      const server = await new EmbeddedServer(dataDir, silent).join();
      try {
        await expectKept(await folders(server, dataDir));
      } finally {
        await server.leave();
      }
    });

    it('is closed to other processes of the user that it runs as', async () => {
      const server = await new EmbeddedServer(dataDir, silent).join();
      try {
        const { data, socket } = await folders(server, dataDir);
        expect(statSync(data).uid).toBe(nobody().uid);
        expect(await intrude(nobody(), data, socket)).toEqual(SHUT);
        // With the group the same program succeeds: only the group protects the folder.
        const { gid } = statSync(dirname(data));
        expect(await intrude({ uid: nobody().uid, gid }, data, socket)).toEqual({
          listing: 'open',
          connection: 'open',
        });
      } finally {
        await server.leave();
      }
    });

    it('is closed to them also when its socket is in another folder', async () => {
      const deep = join(dataDir, 'a-long-name-'.repeat(9));
      const server = await new EmbeddedServer(deep, silent).join();
      const { data, socket } = await folders(server, deep);
      try {
        expect(socket).toMatch(/^\/tmp\/\.ferrule-[0-9a-f]{16}\/socket$/);
        expect(await intrude(nobody(), data, socket)).toEqual(SHUT);
      } finally {
        await server.leave();
        rmSync(dirname(socket), { recursive: true });
      }
    });

    it('protects the database of an earlier version of Ferrule and keeps its data, also when it is moved afterwards', async () => {
      const first = await new EmbeddedServer(dataDir, silent).join();
      await first.database('kept');
      await first.leave();
      rmSync(join(dataDir, 'postgres'));
      renameSync(join(dataDir, 'private', 'postgres'), join(dataDir, 'postgres'));
      rmSync(join(dataDir, 'private'), { recursive: true });
      chownSync(join(dataDir, 'postgres'), nobody().uid, nobody().gid);

      const server = await new EmbeddedServer(dataDir, silent).join();
      try {
        const { data, socket } = await folders(server, dataDir);
        expect(await intrude(nobody(), data, socket)).toEqual(SHUT);
        await expectKept({ socket });
      } finally {
        await server.leave();
      }
      move();
      const third = await new EmbeddedServer(dataDir, silent).join();
      try {
        await expectKept(await folders(third, dataDir));
      } finally {
        await third.leave();
      }
    });
  },
);
