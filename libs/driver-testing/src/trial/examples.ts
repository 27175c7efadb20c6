import { type JsonObject } from '@ferrule/driver-kit';
import { type Answer } from '../host/answer.js';
import { type Host } from '../host/host.js';
import { type Job } from '../host/job.js';
import { type HostNode } from '../host/node.js';
import { type Example, type ExampleContext } from '../subject/options.js';
import { type Method, type VendorInterface } from '../subject/subject.js';
import { type Stage } from './stage.js';

/** An example that was called. */
export interface Called {
  readonly method: Method;
  readonly example: Example;
  readonly args: JsonObject;
  readonly answer: Answer | undefined;
  /** Of an asynchronous method. */
  readonly job: Job | undefined;
  /** Why the example could not be called or its job not be read. */
  readonly problem: string | undefined;
  /** Fields of the node that the call changed. */
  readonly changed: readonly string[];
  /** Of a read that was answered. */
  readonly repeats: Repeats | undefined;
}

/** The same call again, directly after it. */
export interface Repeats {
  /** While the node is locked. */
  readonly whileLocked: Answer;
  readonly atOnce: readonly Answer[];
  /** With the arguments in the query, if there are any and the verb is GET. */
  readonly inQuery: Answer | undefined;
}

const AT_ONCE = 4;

/** Milliseconds; a longer job is no example. */
const JOB_LIMIT = 60_000;

/** Fields that every call may change. */
const OFTEN_CHANGED = new Set(['updated_at', 'reservation', 'last_error']);

/** Examples that the options give, or the one of a method that needs no arguments. */
export function examplesOf(stage: Stage, method: Method): readonly Example[] {
  const given = stage.options.examples?.[method.id] ?? stage.options.examples?.[method.name];
  if (given === undefined) return (method.schema.required ?? []).length === 0 ? [{}] : [];
  return 'length' in given ? given : [given];
}

export async function callExamples(stage: Stage): Promise<readonly Called[]> {
  const host = await stage.host();
  const called: Called[] = [];
  for (const owner of stage.subject.interfaces) {
    const results = new Map<string, Answer | Job>();
    for (const method of inOrder(stage, owner)) {
      for (const example of examplesOf(stage, method).filter(({ isEndless }) => isEndless !== true)) {
        const node = await stage.nodeOf(owner);
        const strays = host.strayErrors.length;
        const call = await callOne(method, example, { host, node, results });
        // Its code may run on and hold the lock.
        if (call.problem !== undefined || host.strayErrors.length > strays) stage.forgetNode(owner);
        if (call.answer) results.set(method.name, call.job ?? call.answer);
        called.push(call);
      }
    }
  }
  return called;
}

/** First methods without given examples, then in the order of these, since one may need another. */
function inOrder({ options: { examples = {} } }: Stage, { methods }: VendorInterface): Method[] {
  const keys = Object.keys(examples);
  const place = ({ id, name }: Method) => Math.max(keys.indexOf(id), keys.indexOf(name));
  return [...methods].sort((a, b) => place(a) - place(b));
}

async function callOne(method: Method, example: Example, context: ExampleContext): Promise<Called> {
  const { host, node } = context;
  let args: JsonObject = {};
  let answer: Answer | undefined;
  let job: Job | undefined;
  let problem: string | undefined;
  const before = await fieldsOf(host, node);
  try {
    args = typeof example.args === 'function' ? await example.args(context) : (example.args ?? {});
    answer = await send(host, node, method, args, example);
    if (answer.status === 202) job = await host.jobOf(answer, JOB_LIMIT);
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
  }
  const after = await fieldsOf(host, node);
  const changed = Object.keys(after).filter((field) => after[field] !== before[field]);
  const isRead = method.isShared && !method.isAsync && answer !== undefined && problem === undefined;
  const repeats = isRead ? await repeat(host, node, method, args, example) : undefined;
  return { method, example, args, answer, job, problem, changed, repeats };
}

async function repeat(
  host: Host,
  node: HostNode,
  method: Method,
  args: JsonObject,
  example: Example,
): Promise<Repeats> {
  const again = () => send(host, node, method, args, example);
  const atOnce = await Promise.all(Array.from({ length: AT_ONCE }, again));
  const isInQuery = (example.http ?? method.http[0]) === 'GET' && Object.keys(args).length > 0;
  const inQuery = isInQuery
    ? await send(host, node, method, args, { http: 'GET', inQuery: true })
    : undefined;
  const lock = await host.lock(node);
  try {
    return { atOnce, inQuery, whileLocked: await again() };
  } finally {
    await lock.release();
  }
}

/** Calls a method of a node, or of the node's driver. */
export function send(
  host: Host,
  node: HostNode,
  method: Method,
  args: JsonObject,
  { http, inQuery }: Pick<Example, 'http'> & { readonly inQuery?: boolean } = {},
): Promise<Answer> {
  const options = { http: http ?? method.http[0] ?? 'POST', inQuery: inQuery ?? false };
  return method.scope === 'node'
    ? host.call(node, method.name, args, options)
    : host.callDriver(node.driver, method.name, args, { ...options, vendorInterface: method.owner.name });
}

async function fieldsOf(host: Host, node: HostNode): Promise<Record<string, string>> {
  const members = Object.entries(await host.readNode(node)).filter(([name]) => !OFTEN_CHANGED.has(name));
  return Object.fromEntries(members.map(([name, value]) => [name, JSON.stringify(value)]));
}
