import { setTimeout as delay } from 'node:timers/promises';
import { type HttpClient } from '../support/http-client.js';
import { type Load } from './load.js';
import { type ServiceSubject, type Subject } from './subject.js';

/** Nodes for sync calls under an exclusive lock, and for jobs that need one: enough that none is met twice at once. */
const LOCKED_NODES = 200;
const JOB_NODES = 20_000;

const POLL_MS = 100;

/** One thing to measure: a subject under a load. */
export interface Workload {
  readonly name: string;
  readonly title: string;
  readonly subject: Subject;
  readonly load: Load;
  /** Waits until the service has done what it only accepted. */
  readonly settle?: () => Promise<void>;
}

/** The service with few nodes and the one with many. */
export interface Services {
  readonly small: ServiceSubject;
  readonly large: ServiceSubject;
}

export function bareWorkload(subject: Subject): Workload {
  return {
    name: 'bare',
    title: 'bare Nest controller, same JSON',
    subject,
    load: { method: 'GET', url: subject.url, path: '/echo' },
  };
}

/** @param suffix tells two builds apart that are measured beside each other. */
export function serviceWorkloads({ small, large }: Services, counts: NodeCounts, suffix = ''): Workload[] {
  const passthru = (node: string, method: string) => `/v1/nodes/${node}/vendor_passthru?method=${method}`;
  const workloads: Workload[] = [
    {
      name: 'shared',
      title: 'sync passthru, shared lock',
      subject: small,
      load: {
        method: 'GET',
        url: small.url,
        path: passthru('{node}', 'echo'),
        nodes: { first: 1, count: 64 },
      },
    },
    {
      name: 'exclusive',
      title: `sync passthru, exclusive lock, ${LOCKED_NODES} nodes`,
      subject: small,
      load: {
        method: 'POST',
        url: small.url,
        path: passthru('{node}', 'work'),
        body: '{"milliseconds":0}',
        nodes: { first: 1, count: LOCKED_NODES },
      },
    },
    {
      name: 'async',
      title: 'accept an async call, shared lock',
      subject: small,
      load: {
        method: 'POST',
        url: small.url,
        path: passthru('{node}', 'collect_log'),
        body: '{"lines":0}',
        nodes: { first: 1, count: 64 },
      },
      settle: () => allJobsDone(small.http),
    },
    {
      name: 'async-exclusive',
      title: 'accept an async call, exclusive lock',
      subject: large,
      load: {
        method: 'POST',
        url: large.url,
        path: passthru('{node}', 'report_progress'),
        body: '{"steps":1}',
        nodes: { first: 1, count: Math.min(JOB_NODES, counts.large - 1) },
      },
      settle: () => allJobsDone(large.http),
    },
    ...(['small', 'large'] as const).map((size): Workload => {
      const subject = { small, large }[size];
      return {
        name: `list-${size}`,
        title: `GET /v1/nodes?limit=100, ${counts[size].toLocaleString('en')} nodes`,
        subject,
        load: { method: 'GET', url: subject.url, path: '/v1/nodes?limit=100' },
      };
    }),
  ];
  return workloads.map((each) => ({
    ...each,
    name: each.name + suffix,
    title: each.title + (suffix && ` (${suffix.slice(1)})`),
  }));
}

export interface NodeCounts {
  readonly small: number;
  readonly large: number;
}

async function allJobsDone(http: HttpClient): Promise<void> {
  for (const state of ['queued', 'running']) {
    while (await hasJobs(http, state)) await delay(POLL_MS);
  }
}

async function hasJobs(http: HttpClient, state: string): Promise<boolean> {
  const answer = await http.get(`/v1/jobs?state=${state}&limit=1`);
  return answer.expect(200).json<{ jobs: unknown[] }>().jobs.length > 0;
}
