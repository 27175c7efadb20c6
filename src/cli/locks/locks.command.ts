import { z } from 'zod';
import { type ApiClient } from '../client/api-client.js';
import { ExitCode } from '../client/exit-code.js';
import { type Output } from '../output.js';
import { table } from '../table.js';

export interface ListOptions {
  readonly json?: boolean;
  /** Its lock alone. */
  readonly node?: string;
}

export interface BreakOptions extends Omit<ListOptions, 'node'> {
  /** Of the lock that is to be broken; without it, of the one that is held. */
  readonly fence?: string;
}

const Lock = z.looseObject({
  node: z.string(),
  name: z.string().nullable(),
  holder: z.string(),
  caller: z.string().nullable(),
  purpose: z.string(),
  since: z.string(),
  until: z.string().nullable(),
  fence: z.number(),
  waiting: z.number(),
});
const Page = z.looseObject({ locks: z.array(Lock) });

const Broken = z.looseObject({
  node: z.string(),
  holder: z.string(),
  purpose: z.string(),
  job: z.string().nullable(),
  job_state: z.string().nullable(),
});

export async function listLocks(
  client: ApiClient,
  { json = false, node }: ListOptions,
  out: Output,
): Promise<ExitCode> {
  const request = node === undefined ? {} : { query: { node } };
  const found: z.output<typeof Lock>[] = [];
  for await (const lock of client.list(Lock, 'locks', '/v1/locks', request)) found.push(lock);
  if (json) {
    out.print(JSON.stringify(found, null, 2));
    return ExitCode.succeeded;
  }
  const rows = found.map(({ node: uuid, name, holder, caller, purpose, since, until, fence, waiting }) => {
    const [fenceText, waitingText] = [String(fence), String(waiting)];
    return [uuid, name ?? '-', holder, caller ?? '-', purpose, since, until ?? '-', fenceText, waitingText];
  });
  const titles = ['NODE', 'NAME', 'HOLDER', 'CALLER', 'PURPOSE', 'SINCE', 'UNTIL', 'FENCE', 'WAITING'];
  out.print(table([titles, ...rows]));
  return ExitCode.succeeded;
}

export async function breakLock(
  client: ApiClient,
  node: string,
  { json = false, ...options }: BreakOptions,
  out: Output,
): Promise<ExitCode> {
  // Not the lock of a call that came since.
  const fence = options.fence ?? (await fenceOf(client, node));
  const path = `/v1/locks/${encodeURIComponent(node)}`;
  const broken = await client.json(Broken, 'DELETE', path, { query: { fence } });
  if (json) {
    out.print(JSON.stringify(broken, null, 2));
    return ExitCode.succeeded;
  }
  const { holder, purpose, job, job_state: state } = broken;
  out.print(`The lock on node ${broken.node}, held by ${holder} for ${purpose}, was broken.`);
  if (job !== null) out.print(`Job ${job} has ended as ${state ?? 'unknown'}.`);
  return ExitCode.succeeded;
}

/** Of the lock of a node now; 0 without one. */
async function fenceOf(client: ApiClient, node: string): Promise<number> {
  const { locks } = await client.json(Page, 'GET', '/v1/locks', { query: { node } });
  return locks[0]?.fence ?? 0;
}
