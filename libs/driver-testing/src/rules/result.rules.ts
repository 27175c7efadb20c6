import { Attachment, isJsonObject } from '@ferrule/driver-kit';
import { type Called } from '../trial/examples.js';
import { type Execution } from '../trial/execution.js';
import { problemOfResult } from './declared-result.js';
import { lossOf } from '../task/json-loss.js';
import { eachCall, eachExecution, machine, type Rule, shown } from './rule.js';

const MIB = 1_048_576;
/** Milliseconds. */
const LONG = 3_600_000;

/** What examples answer, and what methods return and report. */
export const RESULT_RULES: readonly Rule[] = [
  machine(
    'example-sync',
    'bronze',
    'Examples of synchronous methods are answered as they say.',
    eachCall((call) => (call.method.isAsync ? undefined : problemOfSync(call))),
  ),
  machine(
    'example-async',
    'bronze',
    'Examples of asynchronous methods end in a job as they say.',
    eachCall((call) => (call.method.isAsync ? problemOfJob(call) : undefined)),
  ),
  machine(
    'result-json',
    'bronze',
    'JSON says all of a result: no dates, classes, NaN, functions.',
    eachExecution((execution) => {
      const result = resultOf(execution);
      if (execution.method.isAttachment || result === undefined) return undefined;
      const loss = lossOf(result, 'json');
      return loss === undefined ? undefined : `its result ${loss}`;
    }),
  ),
  machine(
    'result-as-declared',
    'bronze',
    'Results are what `returns` says, without further members.',
    eachExecution(async (execution) => {
      const { returns } = execution.method.declaration.options;
      const { outcome } = execution;
      if (returns === undefined || outcome === undefined || !('result' in outcome)) return undefined;
      const problem = await problemOfResult(outcome.result, returns);
      return problem === undefined ? undefined : `its result ${shown(outcome.result)}: ${problem}`;
    }),
  ),
  machine(
    'result-object',
    'gold',
    'Results are objects, to which members can be added later, or nothing.',
    eachExecution((execution) => {
      const result = resultOf(execution);
      const isFine = execution.method.isAttachment || result === undefined || result === null;
      return isFine || isJsonObject(result) ? undefined : `it returns ${shown(result)}`;
    }),
  ),
  machine(
    'result-small',
    'silver',
    'Results of examples have at most 1 MiB; a file is an attachment.',
    eachCall(({ method, answer, job }) => {
      const size = job ? JSON.stringify(job.result).length : (answer?.bytes.length ?? 0);
      return !method.isAttachment && size > MIB ? `it has ${size} bytes` : undefined;
    }),
  ),
  machine(
    'attachment-typed',
    'bronze',
    'Attachments have a media type of their own.',
    eachExecution((execution) => {
      const file = fileOf(execution);
      if (!file || /^[a-z]+\/[\w.+-]+(?:\s*;.*)?$/.test(file.contentType)) {
        return file?.contentType === 'application/octet-stream'
          ? 'it says nothing of its content'
          : undefined;
      }
      return `${file.contentType} is no media type`;
    }),
  ),
  machine(
    'attachment-named',
    'bronze',
    'Attachments have a file name without a path.',
    eachExecution((execution) => {
      const file = fileOf(execution);
      if (!file) return undefined;
      if (file.filename === undefined || file.filename === '') return 'it has no name';
      return /[/\\]/.test(file.filename) ? `its name has a path: ${file.filename}` : undefined;
    }),
  ),
  machine(
    'attachment-downloads',
    'silver',
    'Attachments of examples can be downloaded with their type and name.',
    eachCall(async ({ method, answer, job, problem, example }, trial) => {
      if (!method.isAttachment || example.fails !== undefined || problem !== undefined) return undefined;
      const host = await trial.host();
      const url = job?.attachment;
      const file = typeof url === 'string' ? await host.ask('GET', new URL(url).pathname) : answer;
      if (file?.status !== 200) return `it is answered with ${file?.status ?? 'nothing'}`;
      const { 'content-type': type, 'content-disposition': name } = file.headers;
      return type === undefined || name === undefined ? 'its download has no type or no name' : undefined;
    }),
  ),
  machine(
    'progress-valid',
    'silver',
    'Progress has a percentage from 0 to 100 that does not fall, or a message on one line.',
    eachExecution(({ reports }) => {
      let last = 0;
      for (const { percent, message } of reports) {
        if (percent === undefined && message === undefined) return 'a report says nothing';
        if (message?.includes('\n') === true) return `a message has several lines: ${shown(message)}`;
        if (percent === undefined) continue;
        if (!(percent >= last && percent <= 100)) return `${percent} % comes after ${last} %`;
        last = percent;
      }
      return undefined;
    }),
  ),
  machine(
    'progress-of-long',
    'gold',
    'Methods that may take more than an hour report progress.',
    async (trial) => {
      const executions = await trial.executions();
      return trial.subject.methods.flatMap((method) => {
        const own = executions.filter((each) => each.method === method && each.outcome !== undefined);
        const isSilent = own.length > 0 && own.every(({ reports }) => reports.length === 0);
        const problem = 'it reported nothing';
        return method.timeout > LONG && isSilent ? [{ subject: method.id, problem }] : [];
      });
    },
  ),
  machine(
    'task-over',
    'silver',
    'A method does not use its task after it has ended.',
    eachExecution(({ late }) => (late.length > 0 ? `it called ${late[0]} after its end` : undefined)),
  ),
];

function problemOfSync({ answer, problem, example: { fails } }: Called): string | undefined {
  if (answer === undefined || problem !== undefined) return problem ?? 'it was not called';
  if (fails === undefined) return answer.status === 200 ? undefined : `${answer.status}: ${answer.message}`;
  return answer.status >= 400
    ? undefined
    : `the example expects ${fails}, and the answer was ${answer.status}`;
}

function problemOfJob({ answer, job, problem, example: { fails } }: Called): string | undefined {
  if (answer === undefined || problem !== undefined || job === undefined)
    return problem ?? 'it was not called';
  const ending = `its job ended as ${job.state}: ${job.error?.code ?? ''} ${job.error?.message ?? ''}`;
  if (fails === undefined) return job.state === 'succeeded' ? undefined : ending;
  return job.error?.code === fails ? undefined : `the example expects ${fails}; ${ending}`;
}

function resultOf({ outcome }: Execution): unknown {
  return outcome && 'result' in outcome ? outcome.result : undefined;
}

function fileOf(execution: Execution): Attachment | undefined {
  const result = resultOf(execution);
  return Attachment.is(result) ? result : undefined;
}
