import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiClient } from '../client/api-client.js';
import { ExitCode, exitCodeOf } from '../client/exit-code.js';
import { followJob } from './follow.command.js';

const JOB = JSON.stringify({
  ...{ id: 'j', state: 'succeeded', node: null, driver: 'd', method: 'm', caller: null, result: null },
  ...{ attachment: '/v1/jobs/j/attachment', progress: null, error: null },
  ...{ created_at: '', started_at: null, finished_at: null },
});

describe('the file of a followed job', () => {
  let server: Server;
  let folder: string;
  let answers: ((response: ServerResponse) => void)[];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ferrule-follow-'));
    server = createServer((request, response) => {
      if (request.url === '/v1/jobs/j/attachment') answers.shift()?.(response);
      else response.writeHead(200, { 'Content-Type': 'text/event-stream' }).end(`data: ${JOB}\n\n`);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  });

  async function follow(name: string) {
    const base = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const client = new ApiClient({ base, credentials: {}, ca: undefined, timeoutMs: 10_000 });
    const said: string[] = [];
    const out = { print: (text: string) => said.push(text), complain: (text: string) => said.push(text) };
    const code = await exitCodeOf(out, () => followJob(client, 'j', { out: join(folder, name) }, out));
    return { code, said: said.join('\n') };
  }

  it('is fetched over lost connections', async () => {
    answers = [
      (response) => void response.destroy(),
      (response) =>
        void response.writeHead(200, { 'Content-Length': '9' }).write('all', () => response.destroy()),
      (response) => void response.end('all is we'),
    ];
    expect(await follow('lost.txt')).toMatchObject({ code: ExitCode.succeeded });
    expect(await readFile(join(folder, 'lost.txt'), 'utf8')).toBe('all is we');
  });

  it('is said to be there if it is not given', async () => {
    answers = [(response) => void response.writeHead(500).end()];
    const { code, said } = await follow('failed.txt');
    expect(code).toBe(ExitCode.failed);
    expect(said).toContain('To get the file of job j: ferrule jobs follow j');
  });
});
