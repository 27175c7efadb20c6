import { appendFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HttpClient } from '../../support/http-client.js';
import { type JobDocument } from '../../support/passthru.js';
import { WatchFile, type WatchLine } from '../../support/watch.js';
import { type Break } from './breaker.js';
import { type GivenAnswer, madeCall, type MadeCall } from './client.js';
import { Findings } from './findings.js';
import { type Period } from './fleet.js';
import { Judge } from './judge.js';

const ID = 'c1';
const NODE = 'n1';
const JOB = 'j1';
const AT = Date.parse('2026-01-01T00:00:10Z');
const LEASE_MS = 2_000;

type Kind = 'lost' | 'doubled' | 'wrong' | 'stuck';

/** What the service and its methods did, and what happened to them. */
interface World {
  readonly call?: Partial<MadeCall>;
  readonly answers?: readonly Partial<GivenAnswer>[];
  readonly lines?: readonly Partial<WatchLine>[];
  /** Null if the service has none. */
  readonly job?: Partial<JobDocument> | null;
  readonly broken?: Partial<Break>;
  /** When its process lost its lease. */
  readonly lossAt?: number;
}

const begin = (more: Partial<WatchLine> = {}): Partial<WatchLine> => ({ what: 'begin', fence: 1, ...more });
const end = (more: Partial<WatchLine> = {}): Partial<WatchLine> => ({ what: 'end', fence: 1, ...more });
const ran = [begin(), end()];
const ok = { status: 200, text: JSON.stringify({ id: ID }) };
const accepted = { status: 202, job: `/v1/jobs/${JOB}` };
const locked = { status: 409, code: 'NodeLocked', text: '{"until":null}' };
const refusedUntil = (at: number) => ({ ...locked, text: JSON.stringify({ until: new Date(at) }) });
const silent = {
  status: 504,
  code: 'ConductorSilent',
  text: 'The conductor c-1, which got the call, is silent.',
};
const unknown = { state: 'outcome-unknown', error: { code: 'JobLeaseLost', message: 'The lease was lost.' } };
const brokenUnknown = { ...unknown, error: { code: 'LockBroken', message: 'It was broken.' } };
const sure: Partial<Break> = { isSure: true, jobState: 'outcome-unknown' };

const RIGHT: readonly (readonly [string, World])[] = [
  ['a call that was answered and ran', { answers: [ok], lines: ran }],
  ['a job that ran', { answers: [accepted], lines: ran, job: {} }],
  ['a refused call that did not run', { answers: [locked] }],
  ['a call that a living lock refused', { answers: [refusedUntil(AT)] }],
  [
    'a repeated answer that says so',
    { answers: [accepted, { ...accepted, isReplayed: true }], lines: ran, job: {} },
  ],
  [
    'a job of unknown outcome whose process lost its lease',
    { answers: [accepted], lines: [begin()], job: unknown, lossAt: AT },
  ],
  ['a silent conductor that lost its lease', { answers: [silent], lossAt: AT }],
  [
    'a job whose lock was broken',
    { answers: [accepted], lines: [begin()], job: brokenUnknown, broken: sure, call: { isLong: true } },
  ],
  ['a cancelled job', { answers: [accepted], job: { state: 'cancelled' }, call: { isCancelled: true } }],
];

const PLANTED: readonly (readonly [string, Kind, World])[] = [
  ['a job that does not exist', 'lost', { answers: [accepted], lines: ran, job: null }],
  ['a job that succeeded and did not run', 'lost', { answers: [accepted], job: {} }],
  [
    'a job that succeeded and did not run to its end',
    'lost',
    { answers: [accepted], lines: [begin()], job: {} },
  ],
  ['a failed job', 'lost', { answers: [accepted], lines: ran, job: { state: 'failed' } }],
  ['a job that nobody cancelled', 'lost', { answers: [accepted], job: { state: 'cancelled' } }],
  ['a job of unknown outcome in peace', 'lost', { answers: [accepted], lines: [begin()], job: unknown }],
  [
    'a job of unknown outcome whose process lost its lease a minute before',
    'lost',
    { answers: [accepted], lines: [begin()], job: unknown, lossAt: AT - 60_000 },
  ],
  [
    'a job that says that its lock was broken',
    'lost',
    { answers: [accepted], lines: [begin()], job: brokenUnknown },
  ],
  [
    'a job that does not say that its lock was broken',
    'lost',
    { answers: [accepted], lines: ran, job: {}, broken: sure },
  ],
  [
    'a call that began twice',
    'doubled',
    { answers: [ok], lines: [begin(), end(), begin({ fence: 2 }), end()] },
  ],
  [
    'two holders of a lock',
    'doubled',
    { answers: [ok], lines: [begin({ id: 'other' }), begin({ fence: 2, pid: 2 }), end({ pid: 2 })] },
  ],
  [
    'two holders, one of which lost its lease a minute before',
    'doubled',
    {
      answers: [ok],
      lines: [begin({ id: 'other' }), begin({ fence: 2, pid: 2 }), end({ pid: 2 })],
      lossAt: AT - 60_000,
    },
  ],
  [
    'a fence that is given twice',
    'doubled',
    { answers: [ok], lines: [begin({ id: 'other' }), end({ id: 'other' }), ...ran] },
  ],
  ['200 for a call that did not run', 'wrong', { answers: [ok] }],
  ["another call's answer", 'wrong', { answers: [{ ...ok, text: '{"id":"other"}' }], lines: ran }],
  ['a refused call that ran', 'wrong', { answers: [locked], lines: ran }],
  ['an unknown failure', 'wrong', { answers: [{ status: 500, code: 'InternalError' }] }],
  ['a refusal by a lock beyond its lease', 'wrong', { answers: [refusedUntil(AT - 60_000)] }],
  ['a repeated answer that does not say so', 'wrong', { answers: [accepted, accepted], lines: ran, job: {} }],
  [
    'two jobs of one key',
    'wrong',
    { answers: [accepted, { ...accepted, job: '/v1/jobs/j2' }], lines: ran, job: {} },
  ],
  ['a silent conductor in peace', 'wrong', { answers: [silent] }],
  [
    'a lost conductor that lives',
    'wrong',
    { answers: [{ ...silent, code: 'ConductorDisconnected' }], lossAt: AT },
  ],
  [
    'a broken lock that nobody has broken',
    'wrong',
    { answers: [{ status: 500, code: 'OutcomeUnknown', text: 'The lock was broken by x.' }] },
  ],
  ['a call that goes on without its lock', 'wrong', { answers: [ok], lines: ran, call: { isLong: true } }],
  ['a call without an answer', 'stuck', { call: { hung: 1 } }],
  ['a job that does not end', 'stuck', { answers: [accepted], job: { state: 'running' } }],
];

describe('the judge of the soak', () => {
  let folder: string;
  let server: Server;
  let served: JobDocument | undefined;
  beforeAll(async () => {
    server = createServer(({ url = '' }, response) => {
      const isList = url.startsWith('/v1/jobs?');
      response.statusCode = isList || (served && url === `/v1/jobs/${served.id}`) ? 200 : 404;
      response.end(JSON.stringify(isList ? { jobs: served ? [served] : [] } : (served ?? {})));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'ferrule-judge-'))));
  afterEach(() => rm(folder, { recursive: true }));
  afterAll(() => void server.close());

  async function judged(world: World): Promise<Findings> {
    const { call = {}, answers = [], lines = [], job = null, broken, lossAt } = world;
    served = job ? jobOf(job) : undefined;
    const findings = new Findings();
    const watch = new WatchFile(folder);
    for (const line of lines)
      appendFileSync(join(folder, 'watch.jsonl'), `${JSON.stringify(lineOf(line))}\n`);
    const isLost = (from: number, until: number) => lossAt !== undefined && lossAt >= from && lossAt <= until;
    const fleet = {
      hasLostLease: (_: number, { from, until }: Period) => isLost(from, until),
      wasInterrupted: (_: string | null, { from, until }: Period) => isLost(from, until),
      wasKilled: () => false,
      roleOf: () => undefined,
    };
    const breaker = {
      mayHaveBroken: () => broken !== undefined,
      mayHaveBrokenSome: () => broken !== undefined,
      ofJob: () =>
        broken && { node: NODE, purpose: '', job: JOB, fence: 1, isSure: true, jobState: null, ...broken },
    };
    const { port } = server.address() as AddressInfo;
    const http = new HttpClient(`http://127.0.0.1:${port}`);
    const limits = { lease: LEASE_MS, unnoticed: 100, patience: 100 };
    const judge = new Judge(fleet, watch, breaker, findings, () => http, limits);
    const made = { ...madeCall({ id: ID, node: NODE, kind: 'sync', isLong: false }), ...call };
    await judge.judge([{ ...made, answers: answers.map(answerOf) }], [], AT);
    http.close();
    return findings;
  }

  it.each(RIGHT)('finds nothing about %s', async (_, world) => {
    expect((await judged(world)).all).toEqual([]);
  });

  it.each(PLANTED)('finds %s: %s', async (_, kind, world) => {
    const findings = await judged(world);
    expect(findings[kind]).not.toEqual([]);
  });
});

function lineOf(line: Partial<WatchLine>): WatchLine {
  return { at: AT, what: 'touch', id: ID, node: NODE, fence: 1, pid: 1, ...line };
}

function answerOf(answer: Partial<GivenAnswer>): GivenAnswer {
  const period = { from: AT, until: AT };
  return { status: 200, code: '', text: '', isReplayed: false, job: undefined, period, ...answer };
}

function jobOf(job: Partial<JobDocument>): JobDocument {
  const at = new Date(AT).toISOString();
  return {
    id: JOB,
    state: 'succeeded',
    node: NODE,
    method: 'watch_job',
    progress: null,
    result: null,
    error: null,
    attachment: null,
    caller: null,
    conductor: 'conductor-1',
    created_at: at,
    started_at: at,
    finished_at: at,
    cancel_requested_at: null,
    cancel_requested_by: null,
    ...job,
  };
}
