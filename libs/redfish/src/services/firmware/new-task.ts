import { RedfishError, RedfishServiceError } from '../../errors.js';
import { linkOf } from '../../json.js';
import { isUnreadable } from '../../resources/refusals.js';
import type { CallOptions, RedfishReply } from '../../types.js';
import { samePath } from '../../wire/links.js';
import { delay } from '../../wire/scope.js';
import type { RedfishClient } from '../client.js';
import type { RedfishTask } from '../task.js';

/** A BMC may show its new task a little after the connection broke. */
const LOOKS = 3;

/**
 * Sends a request that begins a task. If its answer is lost, or is a 5xx that does not show whether anything was begun, and
 * exactly one new task is there, that is the task of the request, and is followed.
 */
export async function orItsTask(
  bmc: RedfishClient,
  options: CallOptions & { readonly follow?: boolean | undefined },
  send: () => Promise<RedfishReply>,
): Promise<RedfishReply> {
  const before = await tasksOf(bmc, options);
  try {
    return await send();
  } catch (error) {
    const task = before !== undefined && isInDoubt(error) ? await newTask(bmc, before, options) : undefined;
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
  options: CallOptions,
): Promise<RedfishTask | undefined> {
  const { interval } = bmc.access().bmc.settings.taskPoll;
  for (let looks = 1; looks <= LOOKS; looks += 1) {
    const now = (await tasksOf(bmc, options)) ?? [];
    const fresh = now.filter((path) => !before.some((each) => samePath(each, path)));
    const [path] = fresh;
    if (path !== undefined) return fresh.length === 1 ? bmc.task(path, options) : undefined;
    if (looks < LOOKS) await delay(interval, options.signal ?? new AbortController().signal);
  }
  return undefined;
}

/** The paths of the BMC's tasks; undefined if it does not show them. */
async function tasksOf(bmc: RedfishClient, { signal }: CallOptions): Promise<string[] | undefined> {
  try {
    const service = linkOf((await bmc.root({ signal })).body['Tasks']);
    const tasks = service && linkOf((await bmc.get(service, { signal })).body['Tasks']);
    return tasks === undefined ? undefined : await bmc.members(tasks, { signal });
  } catch (error) {
    if (isUnreadable(error) || (error instanceof RedfishError && error.code !== 'closed')) return undefined;
    throw error;
  }
}
