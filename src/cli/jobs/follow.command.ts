import { type ApiAnswer, type ApiClient } from '../client/api-client.js';
import { ClientError } from '../client/client-error.js';
import { type ExitCode } from '../client/exit-code.js';
import { interruptibly } from '../client/interruption.js';
import { Patience } from '../client/patience.js';
import { type Output } from '../output.js';
import { saveAnswer, type SaveOptions, toSave } from '../client/result.js';
import { JobDocument } from './job-document.js';
import { JobFollower } from './job-follower.js';
import { codeOfOutcome, outcomeText } from './outcome.js';
import { ProgressDisplay, type Screen, standardScreen } from './progress-display.js';

export interface FollowOptions extends SaveOptions {
  readonly json?: boolean;
}

/** `ferrule jobs follow`: a service that is away, or a job that is not there, is told at once. */
export async function followKnownJob(
  client: ApiClient,
  id: string,
  options: FollowOptions,
  out: Output,
): Promise<ExitCode> {
  await client.json(JobDocument, 'GET', `/v1/jobs/${encodeURIComponent(id)}`);
  return followJob(client, id, options, out);
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
    await saveAnswer(await attachmentOf(client, job.id, out), options, out);
  } else if (options.json !== true) {
    const body = Buffer.from(JSON.stringify(job.result ?? null));
    await saveAnswer({ status: 200, headers: {}, body }, options, out);
  }
}

/** Over lost connections. */
async function attachmentOf(client: ApiClient, id: string, out: Output): Promise<ApiAnswer> {
  const again = `To get the file of job ${id}: ferrule jobs follow ${id}`;
  try {
    return await interruptibly(
      () => again,
      async (signal) => {
        const patience = new Patience(signal);
        for (;;) {
          const path = `/v1/jobs/${encodeURIComponent(id)}/attachment`;
          const answer = await patience.attempt(() => client.send('GET', path, { signal }));
          if (answer) return answer;
        }
      },
    );
  } catch (error) {
    if (error instanceof ClientError) out.complain(again);
    throw error;
  }
}
