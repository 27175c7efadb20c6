import { setTimeout as delay } from 'node:timers/promises';
import { type HttpClient } from '../support/http-client.js';
import { type Load } from './load.js';
import { type BenchDatabase } from './bench-database.js';
import { CREDENTIALS } from './guarded.js';
import { type ServiceSubject, type Subject } from './subject.js';

/** Nodes for calls under an exclusive lock: enough that no two calls meet on one. */
const LOCKED_NODES = 200;
const JOB_NODES = 20_000;

const POLL_MS = 100;

export interface Workload {
  readonly name: string;
  readonly title: string;
  readonly subject: Subject;
  readonly load: Load;
  readonly database?: BenchDatabase;
  readonly settle?: () => Promise<void>;
}

export interface Services {
  readonly small: ServiceSubject;
  readonly large: ServiceSubject;
  /** With `FERRULE_AUTH=token` and a policy file; has as many nodes as the small one. */
  readonly guarded?: ServiceSubject | undefined;
}

export function bareWorkload(subject: Subject): Workload {
  return {
    name: 'bare',
    title: 'bare Nest controller, same JSON',
    subject,
    load: { method: 'GET', url: subject.url, path: '/echo' },
  };
}

export function adaptedWorkload(subject: Subject): Workload {
  return { ...bareWorkload(subject), name: 'adapted', title: 'the same on the adapter of the service' };
}

export function serviceWorkloads(
  { small, large, guarded }: Services,
  counts: NodeCounts,
  suffix = '',
): Workload[] {
  const workloads: Workload[] = [
    sharedCalls('shared', 'sync passthru, shared lock', small),
    ...(guarded
      ? [sharedCalls('shared-token', 'the same, with a token and a policy file', guarded, CREDENTIALS)]
      : []),
    exclusiveCalls(small),
    sharedJobs(small),
    exclusiveJobs(large, counts.large),
    ...listWorkloads({ small, large }, counts),
  ];
  return workloads.map((each) => ({
    ...each,
    name: each.name + suffix,
    title: each.title + (suffix && ` (${suffix.slice(1)})`),
  }));
}

export function sharedJobs(subject: ServiceSubject): Workload {
  return {
    name: 'async',
    title: 'accept an async call, shared lock',
    subject,
    load: {
      method: 'POST',
      url: subject.url,
      path: passthru('{node}', 'collect_log'),
      body: '{"lines":0}',
      nodes: { first: 1, count: 64 },
    },
    database: subject.database,
    settle: () => allJobsDone(subject.http),
  };
}

export function exclusiveCalls(subject: ServiceSubject): Workload {
  return {
    name: 'exclusive',
    title: `sync passthru, exclusive lock, ${LOCKED_NODES} nodes`,
    subject,
    load: {
      method: 'POST',
      url: subject.url,
      path: passthru('{node}', 'work'),
      body: '{"milliseconds":0}',
      nodes: { first: 1, count: LOCKED_NODES },
    },
  };
}

export function sharedCalls(
  name: string,
  title: string,
  subject: ServiceSubject,
  headers: Readonly<Record<string, string>> = {},
): Workload {
  return {
    name,
    title,
    subject,
    load: {
      method: 'GET',
      url: subject.url,
      path: passthru('{node}', 'echo'),
      headers,
      nodes: { first: 1, count: 64 },
    },
  };
}

export function exclusiveJobs(subject: ServiceSubject, nodes: number): Workload {
  return {
    name: 'async-exclusive',
    title: 'accept an async call, exclusive lock',
    subject,
    load: {
      method: 'POST',
      url: subject.url,
      path: passthru('{node}', 'report_progress'),
      body: '{"steps":1}',
      nodes: { first: 1, count: Math.min(JOB_NODES, nodes - 1) },
    },
    database: subject.database,
    settle: () => allJobsDone(subject.http),
  };
}

export function listWorkloads(services: Services, counts: NodeCounts, when = ''): Workload[] {
  return (['small', 'large'] as const).map((size) => ({
    name: `list-${size}`,
    title: `GET /v1/nodes?limit=100, ${counts[size].toLocaleString('en')} nodes${when}`,
    subject: services[size],
    load: { method: 'GET', url: services[size].url, path: '/v1/nodes?limit=100' },
  }));
}

function passthru(node: string, method: string): string {
  return `/v1/nodes/${node}/vendor_passthru?method=${method}`;
}

export interface NodeCounts {
  readonly small: number;
  readonly large: number;
}

export async function allJobsDone(http: HttpClient): Promise<void> {
  for (const state of ['queued', 'running']) {
    while (await hasJobs(http, state)) await delay(POLL_MS);
  }
}

async function hasJobs(http: HttpClient, state: string): Promise<boolean> {
  const answer = await http.get(`/v1/jobs?state=${state}&limit=1`);
  return answer.expect(200).json<{ jobs: unknown[] }>().jobs.length > 0;
}
