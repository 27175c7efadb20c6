import { type Answer } from '../host/answer.js';
import { type Called, send } from '../trial/examples.js';
import { type Trial } from '../trial/trial.js';
import { eachCall, eachExecution, machine, type Rule, shown } from './rule.js';

const AT_ONCE = 4;
/** Of the task, for methods under an exclusive lock. */
const WRITING = ['saveInternalInfo', 'fence'];

/** Locks, concurrency and abort. */
export const LOCK_RULES: readonly Rule[] = [
  machine(
    'shared-uses-no-lock',
    'bronze',
    'Methods under a shared lock use neither saveInternalInfo nor fence.',
    eachExecution(({ method, used }) => {
      const wrong = method.isShared ? WRITING.find((member) => used.has(member)) : undefined;
      return wrong === undefined ? undefined : `it uses ${wrong}`;
    }),
  ),
  machine(
    'shared-changes-nothing',
    'bronze',
    'Methods under a shared lock do not change the node.',
    eachCall(({ method, changed }) =>
      method.isShared && changed.length > 0 ? `it changed ${changed.join(', ')}` : undefined,
    ),
  ),
  machine(
    'shared-while-locked',
    'silver',
    'Methods under a shared lock answer while another call holds the node.',
    eachCall(async (call, trial) => {
      if (!isRead(call)) return undefined;
      const lock = await (await trial.host()).lock(await trial.nodeOf(call.method.owner));
      try {
        const { status, message } = await again(call, trial);
        return status === call.answer?.status ? undefined : `${status}: ${message}`;
      } finally {
        await lock.release();
      }
    }),
  ),
  machine(
    'shared-at-once',
    'gold',
    `Methods under a shared lock answer ${AT_ONCE} calls at once as they answer one.`,
    eachCall(async (call, trial) => {
      if (!isRead(call)) return undefined;
      const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => again(call, trial)));
      const other = answers.find(({ status }) => status !== call.answer?.status);
      return other && `${other.status}: ${other.message}`;
    }),
  ),
  machine(
    'abort-heeded',
    'bronze',
    'A method ends soon after it was aborted, before the service abandons it.',
    eachExecution(({ isStuck, args }) => (isStuck ? `${shown(args)}: it went on` : undefined)),
  ),
  machine(
    'abort-rejects',
    'silver',
    'A method that was aborted throws, and returns no result as if it were done.',
    eachExecution(({ isAborted, outcome, args }) =>
      isAborted && outcome && 'result' in outcome
        ? `${shown(args)}: it returned ${shown(outcome.result)}`
        : undefined,
    ),
  ),
  machine('abort-example', 'silver', 'Endless examples go on until they are aborted.', async (trial) => {
    const executions = await trial.executions();
    const endless = Object.entries(trial.options.examples ?? {}).filter(([, given]) =>
      [given].flat().some(({ isEndless }) => isEndless === true),
    );
    return endless.flatMap(([name]) => {
      const own = executions.filter(({ method }) => method.name === name || method.id === name);
      const problem = 'its endless example ended by itself';
      return own.some(({ origin, isAborted }) => origin === 'example' && isAborted)
        ? []
        : [{ subject: name, problem }];
    });
  }),
  machine(
    'driver-method-without-node',
    'bronze',
    'Driver-level methods work without a node.',
    eachCall(({ method, answer, job, example, problem }) => {
      if (method.scope === 'node' || example.fails !== undefined) return undefined;
      if (problem !== undefined) return problem;
      const isFine = job ? job.state === 'succeeded' : answer?.status === 200;
      return isFine ? undefined : (job?.error?.message ?? answer?.message ?? 'it was not called');
    }),
  ),
];

/** Reads can be repeated. */
function isRead({ method, answer, problem }: Called): boolean {
  return method.isShared && !method.isAsync && answer !== undefined && problem === undefined;
}

async function again({ method, args, example }: Called, trial: Trial): Promise<Answer> {
  const options = example.http === undefined ? {} : { http: example.http };
  return send(await trial.host(), await trial.nodeOf(method.owner), method, args, options);
}
