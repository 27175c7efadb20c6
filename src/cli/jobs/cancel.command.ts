import { type ApiClient } from '../client/api-client.js';
import { ExitCode } from '../client/exit-code.js';
import { type Output } from '../output.js';
import { endOf } from './follow.command.js';
import { JobDocument } from './job-document.js';
import { codeOfOutcome, outcomeText } from './outcome.js';

export interface CancelOptions {
  readonly wait?: boolean;
  readonly json?: boolean;
}

/** @returns 0 if it is cancelled, or asked to stop; with `wait` by how it ended. */
export async function cancelJob(
  client: ApiClient,
  id: string,
  { wait = false, json = false }: CancelOptions,
  out: Output,
): Promise<ExitCode> {
  const asked = await client.json(JobDocument, 'DELETE', `/v1/jobs/${encodeURIComponent(id)}`);
  const job = wait ? await endOf(client, id) : asked;
  if (json) out.print(JSON.stringify(job, null, 2));
  else out.print(textOf(job));
  if (!wait || job.state === 'cancelled') return ExitCode.succeeded;
  return job.state === 'succeeded' ? ExitCode.refused : codeOfOutcome(job);
}

function textOf(job: JobDocument): string {
  if (job.state !== 'running') return outcomeText(job);
  return `Job ${job.id}: asked to stop; it still runs.`;
}
