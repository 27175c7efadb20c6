import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiClient } from '../client/api-client.js';
import { callOnce } from './repeated-call.js';

const PATIENCE_MS = 1_000;

describe('a call that is repeated', () => {
  let server: Server;
  let answers: ((response: ServerResponse) => void)[];
  beforeAll(async () => {
    server = createServer((request, response) => {
      request.resume();
      answers.shift()?.(response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const cut = (response: ServerResponse): void => void response.destroy();

  it('has all its patience again after the service was heard', async () => {
    const runs = async (response: ServerResponse): Promise<void> => {
      await delay(2 * PATIENCE_MS);
      response.writeHead(409).end(JSON.stringify({ code: 'IdempotentCallRuns', detail: 'it runs' }));
    };
    answers = [cut, (response) => void runs(response), cut, (response) => void response.end('{}')];
    const base = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const client = new ApiClient({ base, credentials: {}, ca: undefined, timeoutMs: 60_000 });
    const request = { signal: new AbortController().signal };
    const notes: string[] = [];
    const times = { patienceMs: PATIENCE_MS, firstPauseMs: 1 };
    const answer = await callOnce(client, 'POST', '/v1/x', request, (note) => notes.push(note), times);
    expect(answer.status).toBe(200);
    expect(notes).toHaveLength(1);
  });
});
