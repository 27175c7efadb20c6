import { type HttpClient } from '../../support/http-client.js';
import { type JobDocument } from '../../support/passthru.js';

const PAGE = 1_000;

/** The jobs that were accepted since then, by their ids. @param since milliseconds since 1970. */
export async function jobsSince(http: HttpClient, since: number): Promise<ReadonlyMap<string, JobDocument>> {
  const jobs = new Map<string, JobDocument>();
  let path: string | undefined = `/v1/jobs?since=${new Date(since).toISOString()}&limit=${PAGE}`;
  while (path !== undefined) {
    const answer = (await http.get(path)).expect(200);
    const page = answer.json<{ jobs: readonly JobDocument[]; next?: string }>();
    for (const job of page.jobs) jobs.set(job.id, job);
    path = page.next === undefined ? undefined : pathOf(new URL(page.next));
  }
  return jobs;
}

function pathOf({ pathname, search }: URL): string {
  return `${pathname}${search}`;
}
