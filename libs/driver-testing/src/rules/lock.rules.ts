import { type Answer } from '../host/answer.js';
import { type Method } from '../subject/subject.js';
import { eachCall, eachExecution, machine, type Rule, shown } from './rule.js';

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
    'read-changes-nothing',
    'bronze',
    'Methods with the effect `read` do not change the node, also under an exclusive lock.',
    async (trial) => {
      const isRead = ({ method }: { method: Method }) => method.effect === 'read';
      const changed = (await trial.called())
        .filter((call) => isRead(call) && call.changed.length > 0)
        .map(({ method, changed }) => [method.id, `it changed ${changed.join(', ')}`] as const);
      const saved = (await trial.executions())
        .filter((run) => isRead(run) && run.saved.length > 0)
        .map(({ method }) => [method.id, 'it uses saveInternalInfo'] as const);
      const problems = new Map([...saved, ...changed]);
      return [...problems].map(([subject, problem]) => ({ subject, problem }));
    },
  ),
  machine(
    'shared-while-locked',
    'silver',
    'Methods under a shared lock answer while another call holds the node.',
    eachCall(({ answer, repeats }) => otherThan(answer, repeats && [repeats.whileLocked])),
  ),
  machine(
    'shared-at-once',
    'gold',
    'Methods under a shared lock answer several calls at once as they answer one.',
    eachCall(({ answer, repeats }) => otherThan(answer, repeats?.atOnce)),
  ),
  machine(
    'abort-heeded',
    'bronze',
    'A method ends soon after it was aborted, before the service abandons it.',
    eachExecution(({ isStuck, args }) =>
      isStuck ? `${shown(args)}: it went on; pass task.signal on to what it waits for` : undefined,
    ),
  ),
  machine(
    'abort-rejects',
    'silver',
    'A method that was aborted throws, and returns no result as if it were done.',
    eachExecution(({ isAborted, origin, outcome, args }) =>
      origin === 'example' && isAborted && outcome && 'result' in outcome
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

function otherThan(first: Answer | undefined, others: readonly Answer[] = []): string | undefined {
  const other = others.find(({ status }) => status !== first?.status);
  return other && `${other.status}: ${other.message}`;
}
