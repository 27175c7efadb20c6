import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { probe } from './probe.js';

describe('the look for a PostgreSQL server', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ferrule-probe-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const look = () => probe({ host: folder, port: 5432, user: 'ferrule', database: 'postgres' });

  it('says that none is there when nobody listens', async () => {
    expect(await look()).toBe('absent');
  });

  it('ends when a server takes the connection and says nothing', async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => sockets.push(socket));
    server.listen(join(folder, '.s.PGSQL.5432'));
    await once(server, 'listening');
    try {
      expect(await look()).toBe('busy');
    } finally {
      for (const socket of sockets) socket.destroy();
      server.close();
    }
  });
});
