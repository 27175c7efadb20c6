import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { ApiClient } from '../client/api-client.js';
import { JobFollower } from './job-follower.js';

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

const job = (state: string, percent: number | null = null): string =>
  JSON.stringify({
    ...{ id: 'j', state, node: null, driver: 'd', method: 'm', caller: null, result: null, attachment: null },
    progress: percent === null ? null : { percent, message: null },
    ...{ error: null, created_at: '', started_at: null, finished_at: null },
  });

const events =
  (text: string, isCut = false): Answer =>
  (response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(text, () => (isCut ? response.destroy() : undefined));
  };
const answer =
  (status: number, body = ''): Answer =>
  (response) =>
    void response.writeHead(status).end(body);
const cut: Answer = (response) => void response.destroy();
const problem = (code: string): string => JSON.stringify({ code, detail: 'no' });

describe('the follower of a job', () => {
  let server: Server;
  let answers: Answer[];
  let asked: string[];
  beforeAll(async () => {
    server = createServer((request, response) => {
      const after = request.headers['last-event-id'];
      asked.push(`${request.url}${after === undefined ? '' : ` after ${String(after)}`}`);
      answers.shift()?.(response, request);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  beforeEach(() => (asked = []));
  afterEach(() => server.closeAllConnections());
  afterAll(() => server.close());

  async function follow(script: Answer[], times = {}, signal = new AbortController().signal) {
    answers = script;
    const base = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const client = new ApiClient({ base, credentials: {}, ca: undefined, timeoutMs: 10_000 });
    const shown: string[] = [];
    const show = ({ state, progress }: { state: string; progress: { percent: number | null } | null }) =>
      shown.push(`${state} ${progress?.percent ?? ''}`.trim());
    const ended = await new JobFollower(client, 'j', show, signal, times).ended();
    return { state: ended.state, shown };
  }

  it('goes on after the last event when its connection is lost', async () => {
    const first = `id: 1\ndata: ${job('running', 1)}\n\nid: 2\ndata: ${job('running', 2)}\n\n:\nid: 3\n\ndata: {"ha`;
    const second = `id: 4\ndata: ${job('succeeded', 100)}\n\n`;
    expect(await follow([events(first, true), cut, events(second)])).toEqual({
      state: 'succeeded',
      shown: ['running 1', 'running 2', 'succeeded 100'],
    });
    expect(asked.at(-1)).toBe('/v1/jobs/j/events after 3');
  });

  it('reads the job when its end was sent before', async () => {
    const begun = `id: 1\ndata: ${job('running')}\n\n`;
    const { state } = await follow([events(begun, true), answer(204), answer(200, job('failed'))]);
    expect(state).toBe('failed');
    expect(asked).toEqual(['/v1/jobs/j/events', '/v1/jobs/j/events after 1', '/v1/jobs/j?wait=0']);
  });

  it.each([
    ['does not exist', answer(404)],
    ['is refused', answer(503, problem('TooManyStreams'))],
    ['is something else', answer(200, '<html>')],
  ])('waits by requests where the stream %s', async (_, stream) => {
    const later = [answer(200, job('running', 1)), cut, answer(200, job('cancelled'))];
    // The first request after a page reads the job at once.
    const { state, shown } = await follow([stream, ...later]);
    expect({ state, shown }).toEqual({ state: 'cancelled', shown: ['running 1', 'cancelled'] });
    expect(asked.slice(2)).toEqual(['/v1/jobs/j?wait=30', '/v1/jobs/j?wait=30']);
  });

  it('waits by requests where a proxy holds the stream back', async () => {
    const held: Answer = (response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.flushHeaders();
    };
    const { state } = await follow([held, answer(200, job('succeeded'))], { firstEventMs: 50 });
    expect(state).toBe('succeeded');
  });

  it('waits for the next process while one stops', async () => {
    const stopping = answer(503, problem('NoFreeConductorWorker'));
    const end = events(`id: 1\ndata: ${job('succeeded')}\n\n`);
    expect((await follow([stopping, answer(502, '<html>'), end])).state).toBe('succeeded');
    expect(asked).toEqual(Array(3).fill('/v1/jobs/j/events'));
  });

  it.each([
    [
      'there is no such job',
      [answer(404, problem('JobNotFound')), answer(404, problem('JobNotFound'))],
      /404/,
    ],
    [
      'the caller is not known',
      [answer(401, problem('Unauthorized')), answer(401, problem('Unauthorized'))],
      /401/,
    ],
    [
      'it does not understand the event',
      [events('data: {"id": 1}\n\n')],
      /an event is not what it should be/,
    ],
  ])('gives up when %s', async (_, script, message) => {
    await expect(follow(script)).rejects.toThrow(message);
  });

  it('gives up when nobody answers for long', async () => {
    await expect(follow([cut, cut, cut], { patienceMs: 100 })).rejects.toThrow(/closed before/);
  });

  it('ends at once when it is stopped', async () => {
    const stop = new AbortController();
    const reason = new Error('stopped');
    const open: Answer = (response, request) => {
      events(`id: 1\ndata: ${job('running')}\n\n`)(response, request);
      stop.abort(reason);
    };
    await expect(follow([open], {}, stop.signal)).rejects.toBe(reason);
  });
});
