import { type Answer, type HttpClient } from './http-client.js';
import { until } from './until.js';

export interface JobDocument {
  readonly id: string;
  readonly state: string;
  readonly node: string | null;
  readonly method: string;
  readonly progress: { percent: number | null; message: string | null } | null;
  readonly progress_lines?: readonly {
    attempt: number;
    at: string;
    percent: number | null;
    message: string | null;
  }[];
  readonly result: unknown;
  readonly error: { code: string; message: string } | null;
  readonly attachment: string | null;
  readonly caller: string | null;
  readonly conductor: string | null;
  readonly created_at: string;
  readonly started_at: string | null;
  readonly finished_at: string | null;
  readonly cancel_requested_at: string | null;
  readonly cancel_requested_by: string | null;
}

/** The conductors of a driver that this process knows; it learns of others within about a second. */
export async function hostsOf(http: HttpClient, driver: string): Promise<readonly string[]> {
  const { drivers } = (await http.get('/v1/drivers'))
    .expect(200)
    .json<{ drivers: { name: string; hosts: string[] }[] }>();
  return drivers.find(({ name }) => name === driver)?.hosts ?? [];
}

export async function createNode(http: HttpClient, members: Record<string, unknown> = {}): Promise<string> {
  const node = { driver: 'fake-hardware', vendor_interface: 'fake-options', ...members };
  return (await http.post('/v1/nodes', node)).expect(201).json<{ uuid: string }>().uuid;
}

export const watchedNode = (http: HttpClient): Promise<string> =>
  createNode(http, { driver: 'watched-hardware', vendor_interface: 'watch' });

export function call(http: HttpClient, node: string, method: string, args: object = {}): Promise<Answer> {
  return http.post(`/v1/nodes/${node}/vendor_passthru/${method}`, args);
}

export function jobOf(accepted: Answer): string {
  return new URL(accepted.expect(202).headers.location ?? '').pathname;
}

export async function readJob(http: HttpClient, path: string): Promise<JobDocument> {
  return (await http.get(path)).expect(200).json<JobDocument>();
}

/** @param patience milliseconds. */
export async function ended(http: HttpClient, path: string, patience?: number): Promise<JobDocument> {
  await until(async () => !['queued', 'running'].includes((await readJob(http, path)).state), patience);
  return readJob(http, path);
}

export async function fields(
  http: HttpClient,
  node: string,
  ...names: string[]
): Promise<Record<string, unknown>> {
  const answer = await http.get(`/v1/nodes/${node}?fields=${names.join(',')}`);
  const members = Object.entries(answer.expect(200).json<Record<string, unknown>>());
  return Object.fromEntries(members.filter(([name]) => names.includes(name)));
}

export async function unlocked(http: HttpClient, node: string): Promise<void> {
  await until(async () => (await fields(http, node, 'reservation'))['reservation'] === null);
}
