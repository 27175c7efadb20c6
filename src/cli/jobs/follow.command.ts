import { type ApiClient } from '../client/api-client.js';
import { type ExitCode } from '../client/exit-code.js';
import { interruptibly } from '../client/interruption.js';
import { type Output } from '../output.js';
import { saveAnswer, type SaveOptions, toSave } from '../call/result.js';
import { type JobDocument } from './job-document.js';
import { JobFollower } from './job-follower.js';
import { codeOfOutcome, outcomeText } from './outcome.js';
import { ProgressDisplay, type Screen, standardScreen } from './progress-display.js';

export interface FollowOptions extends SaveOptions {
  readonly json?: boolean;
}

/** Follows a job and gives its outcome: the result alone goes to the standard output. */
export async function followJob(
  client: ApiClient,
  id: string,
  options: FollowOptions,
  out: Output,
  screen?: Screen,
): Promise<ExitCode> {
  await toSave(options);
  const job = await endOf(client, id, screen);
  out.complain(outcomeText(job));
  if (options.json === true) out.print(JSON.stringify(job, null, 2));
  if (job.state === 'succeeded') await give(client, job, options, out);
  return codeOfOutcome(job);
}

export async function endOf(
  client: ApiClient,
  id: string,
  screen: Screen = standardScreen,
): Promise<JobDocument> {
  const display = new ProgressDisplay(screen);
  const goesOn = (): string =>
    `Job ${id} goes on. To see it again: ferrule jobs follow ${id}. To cancel it: ferrule jobs cancel ${id}`;
  try {
    return await interruptibly(goesOn, (signal) =>
      new JobFollower(client, id, (job) => display.show(job), signal).ended(),
    );
  } finally {
    display.clear();
  }
}

async function give(client: ApiClient, job: JobDocument, options: FollowOptions, out: Output): Promise<void> {
  if (job.attachment !== null) {
    const answer = await client.send('GET', `/v1/jobs/${encodeURIComponent(job.id)}/attachment`);
    await saveAnswer(answer, options, out);
  } else if (options.json !== true) {
    const body = Buffer.from(JSON.stringify(job.result ?? null));
    await saveAnswer({ status: 200, headers: {}, body }, options, out);
  }
}
