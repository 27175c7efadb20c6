import { type ApiClient } from '../client/api-client.js';
import { ExitCode } from '../client/exit-code.js';
import { type Output } from '../output.js';
import { table } from '../table.js';
import { JobDocument } from './job-document.js';

/** @param id of the job. */
export async function showJob(
  client: ApiClient,
  id: string,
  { json }: { readonly json?: boolean },
  out: Output,
): Promise<ExitCode> {
  const job = await client.json(JobDocument, 'GET', `/v1/jobs/${encodeURIComponent(id)}`);
  out.print(json === true ? JSON.stringify(job, null, 2) : textOf(job));
  return ExitCode.succeeded;
}

function textOf(job: JobDocument): string {
  const { result, ...members } = job;
  const rows = Object.entries(members)
    .filter(([name]) => name !== 'links')
    .map(([name, value]) => [name, cellOf(value)]);
  return `${table(rows)}\nresult\n${JSON.stringify(result ?? null, null, 2)}`;
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '-';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
