import { z } from 'zod';
import { type Output } from '../output.js';
import { table } from '../table.js';
import { ApiClient } from './api-client.js';
import { type ClientOptions, clientSettings } from './client-settings.js';

interface LocksOptions extends ClientOptions {
  readonly json?: boolean;
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

interface BreakOptions extends LocksOptions {
  /** Of the lock that is to be broken; without it, of the one that is held. */
  readonly fence?: string;
}

const Broken = z.looseObject({
  node: z.string(),
  holder: z.string(),
  purpose: z.string(),
  job: z.string().nullable(),
  job_state: z.string().nullable(),
});

export async function locks(env: NodeJS.ProcessEnv, options: LocksOptions, out: Output): Promise<number> {
  const client = new ApiClient(await clientSettings(env, options));
  const found: z.output<typeof Lock>[] = [];
  for await (const lock of client.list(Lock, 'locks', '/v1/locks')) found.push(lock);
  if (options.json === true) {
    out.print(JSON.stringify(found, null, 2));
    return 0;
  }
  const rows = found.map(({ node, name, holder, caller, purpose, since, until, fence, waiting }) => {
    const [fenceText, waitingText] = [String(fence), String(waiting)];
    return [node, name ?? '-', holder, caller ?? '-', purpose, since, until ?? '-', fenceText, waitingText];
  });
  const titles = ['NODE', 'NAME', 'HOLDER', 'CALLER', 'PURPOSE', 'SINCE', 'UNTIL', 'FENCE', 'WAITING'];
  out.print(table([titles, ...rows]));
  return 0;
}

export async function breakLock(
  env: NodeJS.ProcessEnv,
  node: string,
  options: BreakOptions,
  out: Output,
): Promise<number> {
  const client = new ApiClient(await clientSettings(env, options));
  const fence = options.fence ?? String(await fenceOf(client, node));
  // Not the lock of a call that came since.
  const path = `/v1/locks/${encodeURIComponent(node)}`;
  const broken = await client.json(Broken, 'DELETE', path, { query: { fence } });
  if (options.json === true) {
    out.print(JSON.stringify(broken, null, 2));
    return 0;
  }
  const { holder, purpose, job, job_state: state } = broken;
  out.print(`The lock on node ${broken.node}, held by ${holder} for ${purpose}, was broken.`);
  if (job !== null) out.print(`Job ${job} has ended as ${state ?? 'unknown'}.`);
  return 0;
}

/** Of the lock of a node now; 0 without one. */
async function fenceOf(client: ApiClient, node: string): Promise<number> {
  for await (const lock of client.list(Lock, 'locks', '/v1/locks'))
    if (lock.node === node.toLowerCase() || lock.name === node) return lock.fence;
  return 0;
}
