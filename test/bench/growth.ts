import { makeNodes } from './bench-nodes.js';
import { type ServiceSubject } from './subject.js';
import { exclusiveCalls, sharedCalls, sharedJobs, type Workload } from './workloads.js';

export const GROWTH = { nodes: 1_000, manyNodes: 100_000, jobs: 1_000, manyJobs: 1_000_000 };

/** What grows, apart from which both services are alike. */
const SUBJECTS = ['base', 'nodes', 'jobs'] as const;

export type Grown = Readonly<Record<(typeof SUBJECTS)[number], ServiceSubject>>;

/** Pages of both listings, without and with what selects few. */
const PAGES = {
  'page of nodes': '/v1/nodes?limit=100',
  'page of jobs': '/v1/jobs?limit=100',
  'jobs by end': '/v1/jobs?limit=100&sort_key=finished_at',
  'failed jobs': '/v1/jobs?limit=100&state=failed',
  'jobs of a rare driver': '/v1/jobs?limit=100&driver=rare-hardware',
  'jobs of a rare caller': '/v1/jobs?limit=100&caller=rare',
  'jobs since an hour, oldest first': `/v1/jobs?limit=100&sort_dir=asc&since=`,
};

export async function grow({ base, nodes, jobs }: Grown): Promise<void> {
  await makeNodes(base, GROWTH.nodes);
  await makeNodes(jobs, GROWTH.nodes);
  await makeNodes(nodes, GROWTH.manyNodes);
  await base.database.addEndedJobs(GROWTH.jobs);
  await nodes.database.addEndedJobs(GROWTH.jobs);
  await jobs.database.addEndedJobs(GROWTH.manyJobs);
  for (const { database } of [base, nodes, jobs]) await database.analyze();
}

/** The same load on each, one after the other, so that a round compares them. */
export function growthWorkloads(grown: Grown): Workload[] {
  const since = new Date(Date.now() - 3_600_000).toISOString();
  const each = (
    name: string,
    make: (subject: ServiceSubject) => Omit<Workload, 'name' | 'title' | 'subject'>,
  ) =>
    SUBJECTS.map((size) => ({
      ...make(grown[size]),
      name: `growth-${name}@${size}`,
      title: `${name}, ${TITLES[size]}`,
      subject: grown[size],
    }));
  return [
    ...each('shared', (subject) => sharedCalls('shared', '', subject)),
    ...each('exclusive', (subject) => exclusiveCalls(subject)),
    ...each('async', (subject) => sharedJobs(subject)),
    ...Object.entries(PAGES).flatMap(([name, path]) =>
      each(name, ({ url }) => ({
        load: { method: 'GET', url, path: path.endsWith('since=') ? `${path}${since}` : path },
      })),
    ),
  ];
}

const TITLES: Readonly<Record<(typeof SUBJECTS)[number], string>> = {
  base: 'few nodes and jobs',
  nodes: `${GROWTH.manyNodes.toLocaleString('en')} nodes`,
  jobs: `${GROWTH.manyJobs.toLocaleString('en')} ended jobs`,
};
