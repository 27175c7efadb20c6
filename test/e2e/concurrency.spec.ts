import { startApp, type TestApp } from '../support/app.js';
import { call, createNode, ended, fields, jobOf } from '../support/passthru.js';

interface Work {
  readonly peak: number;
  readonly nodes: number;
  readonly fence: string;
}

describe('many at once', () => {
  let service: TestApp;
  beforeAll(async () => {
    // Few enough attempts that some callers give up.
    service = await startApp({ FERRULE_LOCK_TRIES: '2', FERRULE_LOCK_INTERVAL: '10ms' });
  });
  afterAll(() => service.close());

  it('200 exclusive calls on one node never overlap', async () => {
    const { http } = service;
    const node = await createNode(http);
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => call(http, node, 'work', { milliseconds: 50 })),
    );
    const worked = answers.filter((answer) => answer.status === 200).map((answer) => answer.json<Work>());
    const refused = answers.filter((answer) => answer.status === 409);

    expect(worked.length + refused.length).toBe(200);
    expect(worked.length).toBeGreaterThan(1);
    expect(refused.length).toBeGreaterThan(0);
    expect(new Set(worked.map(({ peak }) => peak))).toEqual(new Set([1]));
    expect(new Set(worked.map(({ fence }) => fence)).size).toBe(worked.length);
    expect(await fields(http, node, 'reservation')).toEqual({ reservation: null });
  });

  it('fences increase from holder to holder', async () => {
    const { http } = service;
    const node = await createNode(http);
    const fences: number[] = [];
    for (let turn = 0; turn < 5; turn++) {
      const answer = await call(http, node, 'work', { milliseconds: 0 });
      fences.push(Number(answer.expect(200).json<Work>().fence));
    }
    expect(fences).toEqual([...new Set(fences)].sort((a, b) => a - b));
  });

  it('synchronous calls and jobs share one lock per node', async () => {
    const { http } = service;
    const node = await createNode(http);
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        index % 2 === 0 ? call(http, node, 'work', { milliseconds: 2 }) : call(http, node, 'report_progress'),
      ),
    );
    const jobs = answers.filter((answer) => answer.status === 202).map(jobOf);
    expect(jobs.length).toBeGreaterThan(0);
    const states = await Promise.all(jobs.map(async (path) => (await ended(http, path)).state));
    expect(states).toEqual(jobs.map(() => 'succeeded'));
    expect(answers.filter(({ status }) => ![200, 202, 409].includes(status))).toEqual([]);
    const worked = answers.filter((answer) => answer.status === 200).map((answer) => answer.json<Work>());
    expect(new Set(worked.map(({ peak }) => peak))).toEqual(new Set([1]));
    expect(await fields(http, node, 'reservation')).toEqual({ reservation: null });
  });

  it('50 nodes are worked on at the same time', async () => {
    const { http } = service;
    const nodes = await Promise.all(Array.from({ length: 50 }, () => createNode(http)));
    const answers = await Promise.all(nodes.map((node) => call(http, node, 'work', { milliseconds: 1_000 })));
    const worked = answers.map((answer) => answer.expect(200).json<Work>());
    expect(new Set(worked.map(({ peak }) => peak))).toEqual(new Set([1]));
    expect(Math.max(...worked.map(({ nodes: count }) => count))).toBeGreaterThan(10);
  });
});
