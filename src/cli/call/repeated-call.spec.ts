import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiClient } from '../client/api-client.js';
import { ExitCode, exitCodeOf } from '../client/exit-code.js';
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

  it('is not repeated if the service cannot make it at the moment: that is refused, and nothing was done', async () => {
    let asked = 0;
    const away = (response: ServerResponse): void => {
      asked++;
      const problem = { code: 'TemporaryFailure', detail: 'It is restarting. Please retry.' };
      response.writeHead(503, { 'Retry-After': '5' }).end(JSON.stringify(problem));
    };
    answers = [away, away];
    const base = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const client = new ApiClient({ base, credentials: {}, ca: undefined, timeoutMs: 60_000 });
    const request = { signal: new AbortController().signal };
    const said: string[] = [];
    const tell = (text: string) => void said.push(text);
    const code = await exitCodeOf({ print: tell, complain: tell }, async () => {
      await callOnce(client, 'POST', '/v1/x', request, tell);
      return ExitCode.succeeded;
    });
    expect({ code, asked, said }).toEqual({
      code: ExitCode.refused,
      asked: 1,
      said: ['POST /v1/x: 503: It is restarting. Please retry.'],
    });
  });
});
