import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { failureOf, quickClients } from '../bmc.spec-support.js';
import {
  type RedfishClient,
  type RedfishPool,
  type RedfishPoolOptions,
  RedfishServiceError,
  RedfishTask,
} from '../index.js';
import { FailedPolls } from './failed-polls.js';

const TASK = '/redfish/v1/TaskService/Tasks/1';
const MONITOR = '/redfish/v1/TaskService/TaskMonitors/1';
const ACTION = '/redfish/v1/UpdateService/Actions/UpdateService.SimpleUpdate';

/** One answer of the BMC: `lost` breaks the connection. */
interface Said {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly isLost?: boolean;
}

const task = (TaskState: string): Said => ({ body: { '@odata.id': TASK, TaskState } });
const PAGE: Said = { headers: { 'Content-Type': 'text/html' }, body: '<html>Login</html>' };
const MESSAGES = [{ MessageId: 'Base.1.8.GeneralError', Message: 'The image is bad.', Severity: 'Critical' }];

describe('a poll of a task', () => {
  let server: Server;
  let clients: RedfishPool;
  /** The answers to the reads of each path; the last one stays. */
  let answers: Record<string, Said[]>;
  let accepted: Said;
  let reads: string[];

  const open = (options: RedfishPoolOptions = {}): void => {
    const taskPoll = { interval: 0, least: 0 };
    clients = quickClients({ retries: { attempts: 1 }, taskPoll, ...options });
  };
  const client = (): RedfishClient =>
    clients.client(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const update = async () => client().post(ACTION, {});
  const followed = async (options: RedfishPoolOptions = {}): Promise<unknown> => {
    open(options);
    return failureOf(update());
  };

  beforeEach(async () => {
    reads = [];
    answers = { [TASK]: [task('Running'), task('Completed')] };
    accepted = { ...task('Running'), status: 202, headers: { Location: TASK } };
    server = createServer((request, response) => {
      request.resume();
      const path = request.url ?? '';
      if (request.method === 'POST') return say(response, accepted);
      if (path.endsWith('/v1/')) return say(response, { body: { '@odata.id': path } });
      reads.push(path);
      const [next = { status: 404 }, ...rest] = answers[path] ?? [];
      if (rest.length > 0) answers[path] = rest;
      say(response, next);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterEach(async () => {
    await clients.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const FAILURES: readonly (readonly [string, Said])[] = [
    ['an empty object', { body: {} }],
    ['nothing', {}],
    ['another resource', { body: { '@odata.id': '/redfish/v1/', Name: 'Root' } }],
    ['a state that is no text', { body: { '@odata.id': TASK, TaskState: { a: 1 } } }],
    ['a list', { body: [] }],
    ['a web page', PAGE],
    ['401', { status: 401 }],
    ['403', { status: 403 }],
    ['500', { status: 500, body: { error: { '@Message.ExtendedInfo': MESSAGES } } }],
    ['503', { status: 503 }],
    ['a redirect to another server', { status: 307, headers: { Location: 'http://192.0.2.1/' } }],
    ['a broken connection', { isLost: true }],
  ];

  it.each(FAILURES)('that is answered with %s is tried again', async (_what, said) => {
    answers[TASK] = [said, said, task('Completed')];
    open();
    expect(await update()).toMatchObject({ status: 200, body: { TaskState: 'Completed' } });
    expect(reads).toEqual([TASK, TASK, TASK]);
  });

  it.each<[string, Said, string]>([
    ['an empty object', { body: {} }, 'answered 200 without the state of the task.'],
    ['a web page', PAGE, 'The body is a web page'],
    ['401', { status: 401 }, 'answered 401'],
    ['500', { status: 500 }, 'answered 500'],
    ['a redirect', { status: 307, headers: { Location: 'http://192.0.2.1/' } }, 'which was not followed.'],
  ])('that is always answered with %s leaves the end open, and the error says how', async (...row) => {
    const [, said, words] = row;
    answers[TASK] = [task('Running'), said];
    const failure = await followed();
    expect(failure).toMatchObject({ mayBeDone: true, task: TASK, message: expect.stringContaining(words) });
    expect(String(failure)).toContain(`The task ${TASK} was left as it is; the BMC may go on with it.`);
    expect(reads).toHaveLength(12);
  });

  it('is the end of a monitor that never showed a Task, whatever it is', async () => {
    accepted = { status: 202, headers: { Location: MONITOR } };
    answers[MONITOR] = [{ body: {} }];
    open();
    expect(await update()).toMatchObject({ status: 200, body: {} });
    answers[MONITOR] = [{ status: 500, body: { error: { '@Message.ExtendedInfo': MESSAGES } } }];
    expect(await failureOf(update())).toMatchObject({ code: 'service', mayBeDone: false });
  });

  it('of a Task is its end if the BMC refuses the request in words', async () => {
    answers[TASK] = [{ status: 400, body: { error: { '@Message.ExtendedInfo': MESSAGES } } }];
    expect(await followed()).toMatchObject({ code: 'validation', mayBeDone: false });
  });

  describe('by a monitor beside the Task', () => {
    beforeEach(() => {
      accepted = { ...task('Running'), status: 202, headers: { Location: MONITOR } };
    });

    it.each<[string, Said]>([
      ['nothing to tell', { body: {} }],
      ['500', { status: 500 }],
    ])('fails with %s while the Task runs', async (_what, said) => {
      answers[TASK] = [task('Running')];
      answers[MONITOR] = [said, { status: 201, body: { Name: 'made' } }];
      open();
      expect(await update()).toMatchObject({ status: 201 });
      expect(reads).toEqual([MONITOR, TASK, MONITOR]);
    });

    it('ends with the answer of the monitor if the Task has ended or does not exist', async () => {
      open();
      for (const seen of [task('Completed'), { status: 404 }]) {
        answers = { [TASK]: [seen], [MONITOR]: [{ body: { Name: 'made' } }] };
        expect(await update()).toMatchObject({ body: { Name: 'made' } });
      }
    });

    it('fails with the Task that failed, if the monitor says nothing', async () => {
      answers = { [TASK]: [task('Exception')], [MONITOR]: [{ body: {} }] };
      expect(await followed()).toMatchObject({ code: 'task', state: 'Exception', mayBeDone: false });
    });

    it('that is 404 goes on with the Task, as long as that can be read', async () => {
      answers[TASK] = [{ status: 401 }, task('Running'), task('Running'), task('Completed')];
      open();
      const begun = await client().start({ method: 'POST', path: ACTION });
      if (!(begun instanceof RedfishTask)) throw new Error('There is no task.');
      expect(begun.path).toBe(MONITOR);
      expect(await begun.wait()).toMatchObject({ body: { TaskState: 'Completed' } });
      expect(reads).toEqual([MONITOR, TASK, MONITOR, TASK, TASK, TASK]);
      expect(begun.path).toBe(TASK);
    });
  });

  it.each<[string, Said, RegExp]>([
    [
      'answered',
      { status: 503, headers: { 'Retry-After': '99999' } },
      /The last poll of it failed: GET .* 503/,
    ],
    ['not answered', { isLost: true }, /The last poll of it failed: .*127\.0\.0\.1/],
  ])('that is %s is named where the time is over', async (_what, said, words) => {
    answers[TASK] = [said];
    // The tries of the poll itself take longer than the time that is left.
    const retries = { attempts: 10, baseDelay: 200, maxDelay: 200 };
    const failure = await followed({ timeouts: { task: 300 }, retries });
    expect(failure).toMatchObject({ phase: 'task', mayBeDone: true, message: expect.stringMatching(words) });
  });
});

describe('the pause before the next poll', () => {
  const failure = (): Parameters<FailedPolls['add']>[0] => new RedfishServiceError('It failed.');

  it('is that of Retry-After up to a minute, and at most half of the time that is left', () => {
    const polls = new FailedPolls({ interval: 1_000, least: 100 });
    const pauses = [undefined, 0, 5_000, 99_999_000].map((asked) => polls.pause(asked, 600_000));
    expect(pauses).toEqual([1_000, 100, 5_000, 60_000]);
    expect(polls.pause(60_000, 10_000)).toBe(5_000);
    expect(polls.pause(undefined, 10)).toBe(100);
  });

  it('grows while polls fail, and is at least what Retry-After says', () => {
    const polls = new FailedPolls({ interval: 1_000, least: 100 });
    const pauses = Array.from({ length: 6 }, () => {
      polls.add(failure());
      return polls.pause(undefined, 600_000);
    });
    expect(pauses).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    expect(polls.pause(45_000, 600_000)).toBe(45_000);
    polls.clear();
    expect(polls.pause(undefined, 600_000)).toBe(1_000);
  });
});

function say(response: ServerResponse, { status = 200, headers, body, isLost = false }: Said): void {
  if (isLost) {
    response.destroy();
    return;
  }
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
