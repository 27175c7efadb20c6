import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { clientOf, failureOf, quickClients } from '../bmc.spec-support.js';
import { RedfishCircuitOpenError, type RedfishPool, type RedfishAccess } from '../index.js';

const SYSTEMS = '/redfish/v1/Systems';
const SESSIONS = '/redfish/v1/SessionService/Sessions';
const BASIC = `Basic ${Buffer.from('admin:a password').toString('base64')}`;

/** How a BMC makes a session that nobody can use. */
type Login = 'lost' | 'no token' | 'refused token';

describe('a BMC whose logins give no usable session', () => {
  let how: Login;
  let takesBasic: boolean;
  let logins: number;
  let reads: string[];
  const sessions = new Set<string>();
  let server: Server;
  let clients: RedfishPool;

  const login = (response: ServerResponse): void => {
    logins += 1;
    const path = `${SESSIONS}/${logins}`;
    sessions.add(path);
    if (how === 'lost') return void response.socket?.destroy();
    const token = how === 'refused token' ? { 'x-auth-token': 'nobody knows it' } : {};
    response.writeHead(201, { location: path, ...token }).end('{}');
  };

  const handle = ({ method, url = '', headers }: IncomingMessage, response: ServerResponse): void => {
    if (url === '/redfish/v1/') {
      return void response.end(JSON.stringify({ Links: { Sessions: { '@odata.id': SESSIONS } } }));
    }
    if (url === SESSIONS && method === 'POST') return login(response);
    const isAllowed = takesBasic && headers.authorization === BASIC;
    if (url === SYSTEMS) reads.push(isAllowed ? 'basic' : 'refused');
    if (!isAllowed) return void response.writeHead(401).end('{}');
    if (method === 'DELETE') response.writeHead(sessions.delete(url) ? 204 : 404).end();
    else response.end(JSON.stringify({ '@odata.id': url }));
  };

  beforeEach(async () => {
    [takesBasic, logins, reads] = [true, 0, []];
    sessions.clear();
    server = createServer((request, response) => {
      request.resume().on('end', () => handle(request, response));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    clients = quickClients();
  });

  afterEach(async () => {
    await clients.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const client = (access: RedfishAccess = {}) => {
    const { port } = server.address() as AddressInfo;
    const target = { url: `http://127.0.0.1:${port}`, username: 'admin', password: 'a password' };
    return clientOf(clients, target, access);
  };

  it('because it sends no token keeps no session, and is asked with basic', async () => {
    how = 'no token';
    await client().get(SYSTEMS);
    await client().get(SYSTEMS);
    await clients.close();
    expect([logins, reads, sessions.size]).toEqual([1, ['basic', 'basic'], 0]);
  });

  it('because it refuses its own tokens keeps no session, and is asked with basic for a while', async () => {
    how = 'refused token';
    await client().get(SYSTEMS);
    expect([logins, reads, sessions.size]).toEqual([1, ['refused', 'basic'], 0]);
    await client().get(SYSTEMS);
    expect([logins, reads, sessions.size]).toEqual([1, ['refused', 'basic', 'basic'], 0]);
  });

  it('because it loses its answers gets two logins for a call, a third, and then basic for a while', async () => {
    how = 'lost';
    expect(await failureOf(client().get(SYSTEMS))).toMatchObject({ code: 'connection' });
    expect(logins).toBe(2);
    for (let call = 0; call < 5; call += 1) await client().get(SYSTEMS);
    expect([logins, new Set(reads)]).toEqual([3, new Set(['basic'])]);
  });

  it.each<Login>(['lost', 'refused token'])(
    'gets no more logins for a while where the caller asks for a session: %s',
    async (kind) => {
      [how, takesBasic] = [kind, false];
      const failures: unknown[] = [];
      for (let call = 0; call < 6; call += 1)
        failures.push(await failureOf(client({ auth: 'session' }).get(SYSTEMS)));
      expect(logins).toBeLessThanOrEqual(4);
      const last = failures.at(-1);
      expect(last).toBeInstanceOf(RedfishCircuitOpenError);
      expect(last).toMatchObject({ retryAfter: expect.any(Number) });
      expect(String(last)).toMatch(/gave no usable session.* the next login is sent in \d+ s\.$/);
    },
  );
});
