import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { clientOf, failureOf, quickClients } from '../bmc.spec-support.js';
import { RedfishAccessError, RedfishError, RedfishResponseError, type RedfishPool } from '../index.js';

const PATH = '/redfish/v1/Systems/1';
const ACTION = `${PATH}/Actions/ComputerSystem.Reset`;
const PACKED = gzipSync(JSON.stringify({ '@odata.id': PATH, Id: '1' }));
const MIB = 1024 * 1024;

describe('an answer whose body cannot be read', () => {
  let answer: (response: ServerResponse) => unknown;
  let server: Server;
  let clients: RedfishPool;
  let asked: number;

  beforeEach(async () => {
    asked = 0;
    server = createServer((request, response) => {
      request.resume().on('end', () => {
        asked += 1;
        answer(response);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    clients = quickClients({ maxBody: MIB, timeouts: { total: 20_000 } });
  });

  afterEach(async () => {
    await clients.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const client = () => {
    const { port } = server.address() as AddressInfo;
    const login = { url: `http://127.0.0.1:${port}`, username: 'admin', password: 'a password' };
    return clientOf(clients, login, { auth: 'basic' });
  };
  const sends =
    (body: Buffer | string, status = 200, encoding = 'gzip') =>
    (response: ServerResponse) =>
      response
        .writeHead(status, { 'content-type': 'application/json', 'content-encoding': encoding })
        .end(body);

  const nested = (levels: number): string =>
    `{"@odata.id":"${PATH}","a":${'['.repeat(levels)}${']'.repeat(levels)}}`;

  it.each([
    ['is too large decompressed', sends(gzipSync(Buffer.alloc(2 * MIB))), `is larger than ${MIB} bytes`],
    ['is cut short', sends(PACKED.subarray(0, 25)), 'is compressed and cut short'],
    ['is not compressed', sends(`{"@odata.id":"${PATH}"}`), 'is not compressed as it says'],
    ['is nested too deep', sends(nested(100_000), 200, 'identity'), 'is nested deeper than 500 levels'],
  ])('because it %s is an error that says so, for reads and writes', async (_what, sent, words) => {
    answer = sent;
    const read = await failureOf(client().get(PATH));
    expect(read).toBeInstanceOf(RedfishResponseError);
    expect(read).toMatchObject({ status: 200, mayBeDone: false, answer: undefined });
    expect(String(read)).toContain(`GET ${client().target.origin}${PATH} answered 200 (application/json)`);
    expect(String(read)).toContain(`Its body ${words}`);
    expect(asked).toBe(1);
    const written = await failureOf(client().post(ACTION, { ResetType: 'On' }));
    expect(written).toBeInstanceOf(RedfishResponseError);
    expect(written).toMatchObject({ status: 200, mayBeDone: true });
    expect(asked).toBe(2);
  });

  it.each([
    ['is cut short', sends(PACKED.subarray(0, 25), 403)],
    ['is nested too deep', sends(`{"error":${nested(100_000)}}`, 403, 'identity')],
  ])('because it %s keeps the class of a status that is an error', async (_what, sent) => {
    answer = sent;
    const error = await failureOf(client().post(ACTION, { ResetType: 'On' }));
    expect(error).toBeInstanceOf(RedfishAccessError);
    expect(error).toMatchObject({ status: 403, mayBeDone: false, answer: undefined });
    expect(String(error)).toContain('Its body is ');
  });

  it('is none of 400 levels, whose whole answer can be read', async () => {
    answer = sends(nested(400), 403, 'identity');
    const error = await failureOf(client().get(PATH));
    expect(error instanceof RedfishError && error.answer).toMatchObject({ body: { '@odata.id': PATH } });
  });
});
