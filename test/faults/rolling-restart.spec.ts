import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../support/free-port.js';
import { type HttpClient } from '../support/http-client.js';
import { jobOf, watchedNode } from '../support/passthru.js';
import { type DataDirectory, dataDirectory, type Service } from '../support/service.js';
import { until } from '../support/until.js';
import { WatchFile } from '../support/watch.js';
import { hold } from './calls.js';

const CALLERS = 3;
/** Calls in each phase that must have succeeded before the next one begins. */
const CALLS = 4;
/** Milliseconds until a caller tries again. */
const RETRY_MS = 20;

/** What became of a call; undefined if the connection broke or could not be made. */
interface Made {
  readonly id: string;
  readonly status: number | undefined;
}

describe('three processes under load, of which each is restarted by SIGTERM in turn', () => {
  let directory: DataDirectory;
  let watch: WatchFile;
  beforeAll(async () => {
    directory = await dataDirectory();
    watch = new WatchFile(directory.path);
  });
  afterAll(() => directory.dispose());

  it('lose no call and no job, run none twice, and answer none wrongly', async () => {
    const port = String(await freePort());
    const start = (name: string): Promise<Service> => {
      const isApi = name === 'api';
      return directory.start({
        ...watch.env,
        FERRULE_HOSTNAME: name,
        ...(isApi ? { FERRULE_ROLE: 'api', FERRULE_ENABLED_HARDWARE_TYPES: '', FERRULE_PORT: port } : {}),
      });
    };
    const [api, one, two] = await Promise.all([start('api'), start('one'), start('two')]);
    const { http } = api;
    await until(async () => (await http.get('/v1/drivers/watched-hardware')).status === 200);

    const made: Made[] = [];
    const ends: string[] = [];
    let isOver = false;
    const keepCalling = async (caller: number): Promise<void> => {
      const node = await watchedNode(http);
      for (let turn = caller; !isOver; turn++) {
        const method = turn % 2 === 0 ? 'watch' : 'watch_job';
        const id = randomUUID();
        const answer = await hold(http, node, id, 20, method);
        made.push({ id, status: answer?.status });
        if (answer?.status === 200) continue;
        if (answer?.status !== 202) {
          await delay(RETRY_MS);
          continue;
        }
        const job = jobOf(answer);
        await until(async () => {
          const state = await endOf(http, job);
          if (state !== undefined) ends.push(state);
          return state !== undefined;
        });
      }
    };
    const callers = Promise.all(Array.from({ length: CALLERS }, (_, caller) => keepCalling(caller)));
    const succeeded = () => made.filter(({ status }) => status !== undefined && status < 300).length;
    const enough = async (): Promise<void> => {
      const wanted = succeeded() + CALLS;
      await until(() => succeeded() >= wanted);
    };
    await enough();
    for (const [name, service] of [
      ['one', one],
      ['two', two],
    ] as const) {
      expect(await service.stop()).toBe(0);
      await enough();
      await start(name);
      await enough();
    }
    const before = made.length;
    expect(made.filter(({ status }) => status === undefined)).toEqual([]);
    expect(await api.stop()).toBe(0);
    await start('api');
    await enough();
    isOver = true;
    await callers;

    const statuses = new Set(made.map(({ status }) => status));
    expect([...statuses].filter((status) => ![200, 202, 409, 503, undefined].includes(status))).toEqual([]);
    expect(made.slice(0, before).every(({ status }) => status !== undefined)).toBe(true);
    expect(ends).toEqual(made.filter(({ status }) => status === 202).map(() => 'succeeded'));
    const begun = watch.begun();
    for (const { id, status } of made) {
      const times = begun.get(id) ?? 0;
      if (status === 200 || status === 202) expect(times).toBe(1);
      else expect(times).toBe(0);
    }
    expect(watch.breaches()).toEqual([]);
  }, 400_000);
});

/** Undefined while it has not ended, and while the process that is asked is restarted. */
async function endOf(http: HttpClient, job: string): Promise<string | undefined> {
  const answer = await http.get(job);
  if (answer.status !== 200) return undefined;
  const { state, finished_at: finishedAt } = answer.json<{ state: string; finished_at: string | null }>();
  return finishedAt === null ? undefined : state;
}
