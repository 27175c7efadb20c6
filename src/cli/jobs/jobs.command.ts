import { type ApiClient } from '../client/api-client.js';
import { ExitCode, WrongUsage } from '../client/exit-code.js';
import { type Output } from '../output.js';
import { table } from '../table.js';
import { JobDocument, progressText } from './job-document.js';

export interface ListOptions {
  readonly node?: string;
  readonly driver?: string;
  readonly method?: string;
  readonly state?: string;
  readonly caller?: string;
  readonly since?: string;
  readonly limit?: string;
  readonly sortKey?: string;
  readonly sortDir?: string;
  readonly json?: boolean;
}

const DEFAULT_LIMIT = '50';
const LARGEST_PAGE = 1_000;

export async function listJobs(client: ApiClient, options: ListOptions, out: Output): Promise<ExitCode> {
  const { node, driver, method, state, caller, since, sortKey, sortDir, json } = options;
  const most = limitOf(options.limit ?? DEFAULT_LIMIT);
  const query = {
    ...{ node, driver, method, state, caller, since, sort_key: sortKey, sort_dir: sortDir },
    limit: Math.min(most, LARGEST_PAGE),
  };
  const jobs: JobDocument[] = [];
  for await (const job of client.list(JobDocument, 'jobs', '/v1/jobs', { query })) {
    if (jobs.push(job) >= most) break;
  }
  out.print(json === true ? JSON.stringify(jobs, null, 2) : tableOf(jobs));
  return ExitCode.succeeded;
}

function limitOf(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new WrongUsage(`error: --limit takes a number of jobs from 1 on, not '${text}'`);
}

function tableOf(jobs: readonly JobDocument[]): string {
  const rows = jobs.map((job) => [
    ...[job.id, job.state, job.node ?? `driver ${job.driver}`, job.method, job.caller ?? '-'],
    ...[job.created_at.slice(0, 19), progressText(job) || '-'],
  ]);
  return table([['ID', 'STATE', 'NODE', 'METHOD', 'CALLER', 'CREATED (UTC)', 'PROGRESS'], ...rows]);
}
