import { RedfishError, RedfishServiceError } from '../../errors.js';
import { linkOf, textAt } from '../../json.js';
import { isUnreadable } from '../../resources/refusals.js';
import type { CallOptions, RedfishReply } from '../../types.js';
import { samePath } from '../../wire/links.js';
import { delay } from '../../wire/scope.js';
import type { RedfishClient } from '../client.js';
import type { RedfishTask } from '../task.js';

/** A BMC may show its new task a little after the connection broke. */
const LOOKS = 3;

/**
 * Sends a request that begins a task. If its answer is lost, or is a 500 that does not show whether anything was begun, and
 * exactly one new task may be its own, that task is followed. A 503 is a refusal.
 *
 * @param target the path of the request, which some BMCs show in the `Payload` of its task
 */
export async function orItsTask(
  bmc: RedfishClient,
  target: string,
  options: CallOptions & { readonly follow?: boolean | undefined },
  send: () => Promise<RedfishReply>,
): Promise<RedfishReply> {
  const before = await tasksOf(bmc, options);
  try {
    return await send();
  } catch (error) {
    const task =
      before !== undefined && isInDoubt(error) ? await newTask(bmc, before, target, options) : undefined;
    if (task === undefined) throw error;
    return options.follow === false ? task.accepted : task.wait(options);
  }
}

function isInDoubt(error: unknown): boolean {
  if (!(error instanceof RedfishError) || error.task !== undefined) return false;
  return error.mayBeDone || error instanceof RedfishServiceError;
}

async function newTask(
  bmc: RedfishClient,
  before: readonly string[],
  target: string,
  options: CallOptions,
): Promise<RedfishTask | undefined> {
  const { interval } = bmc.access().bmc.settings.taskPoll;
  for (let looks = 1; looks <= LOOKS; looks += 1) {
    const now = (await tasksOf(bmc, options)) ?? [];
    const fresh = now.filter((path) => !before.some((each) => samePath(each, path)));
    if (fresh.length > 0) {
      const path = await ownOf(bmc, fresh, target, options);
      return path === undefined ? undefined : bmc.task(path, options);
    }
    if (looks < LOOKS) await delay(interval, options.signal ?? new AbortController().signal);
  }
  return undefined;
}

/** The only task that names the target, or else the only one that names none. */
async function ownOf(
  bmc: RedfishClient,
  tasks: readonly string[],
  target: string,
  options: CallOptions,
): Promise<string | undefined> {
  const { links } = bmc.access().bmc;
  const named: string[] = [];
  const unnamed: string[] = [];
  for (const path of tasks) {
    const uri = await targetUri(bmc, path, options);
    if (uri === undefined) unnamed.push(path);
    else if (samePath(links.locate(uri).path ?? uri, links.resolve(target))) named.push(path);
  }
  const [own, ...others] = named.length > 0 ? named : unnamed;
  return others.length > 0 ? undefined : own;
}

async function targetUri(
  bmc: RedfishClient,
  task: string,
  { signal }: CallOptions,
): Promise<string | undefined> {
  try {
    return textAt((await bmc.get(task, { signal })).body, 'Payload', 'TargetUri');
  } catch (error) {
    if (isUnreadable(error)) return undefined;
    throw error;
  }
}

/** The paths of the BMC's tasks; undefined if it does not show them. */
async function tasksOf(bmc: RedfishClient, { signal }: CallOptions): Promise<string[] | undefined> {
  try {
    const service = linkOf((await bmc.root({ signal })).body['Tasks']);
    const tasks = service && linkOf((await bmc.get(service, { signal })).body['Tasks']);
    return tasks === undefined ? undefined : await bmc.members(tasks, { signal });
  } catch (error) {
    if (error instanceof RedfishError && error.code !== 'closed') return undefined;
    throw error;
  }
}
