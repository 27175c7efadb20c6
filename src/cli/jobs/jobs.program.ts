import { type Command } from 'commander';
import { asClient, asking, named } from '../client/client-command.js';
import { type ClientOptions } from '../client/client-settings.js';
import { type Output } from '../output.js';
import { type CancelOptions } from './cancel.command.js';
import { type FollowOptions } from './follow.command.js';
import { type ListOptions } from './jobs.command.js';

/** Adds `ferrule jobs [show|cancel|follow]`. */
export function addJobs(
  program: Command,
  env: NodeJS.ProcessEnv,
  out: Output,
  ended: (code: number) => void,
): void {
  const asked = asking(env, out, ended);
  const jobs = asClient(program.command('jobs'))
    .description('The jobs of a running service, the newest first.')
    .enablePositionalOptions()
    .option('--node <node>', 'only those of this node: UUID or name')
    .option('--driver <name>', 'only those of this driver')
    .option('--method <name>', 'only those of methods with this name')
    .option('--state <state>', 'only those in this state, for example running')
    .option('--caller <name>', 'only those of this caller')
    .option('--since <time>', 'only those created from this time on, for example 2026-03-01T00:00:00Z')
    .option('--limit <number>', 'how many; without it: 50')
    .option('--sort-key <key>', 'created_at, or finished_at for those that have ended')
    .option('--sort-dir <direction>', 'asc or desc')
    .action((options: ListOptions & ClientOptions) =>
      asked(options, async (client) => (await import('./jobs.command.js')).listJobs(client, options, out)),
    );
  const ofJob = (name: string): Command =>
    asClient(jobs.command(name).argument('<id>', 'of the job', named)).hook('preAction', (_, command) => {
      if (Object.keys(jobs.opts()).length > 0) command.error(`error: options must stand after '${name}'`);
    });
  ofJob('show')
    .description('Show a job with its result.')
    .action((id: string, options: ClientOptions & { json?: boolean }) =>
      asked(options, async (client) => (await import('./show.command.js')).showJob(client, id, options, out)),
    );
  ofJob('cancel')
    .description('Cancel a job.')
    .option('--wait', 'until it has ended')
    .action((id: string, options: ClientOptions & CancelOptions) =>
      asked(options, async (client) =>
        (await import('./cancel.command.js')).cancelJob(client, id, options, out),
      ),
    );
  asSaver(ofJob('follow'))
    .description('Show the progress of a job until it has ended, and give its result.')
    .action((id: string, options: ClientOptions & FollowOptions) =>
      asked(options, async (client) =>
        (await import('./follow.command.js')).followKnownJob(client, id, options, out),
      ),
    );
}

/** The options of commands that may get a file. */
export function asSaver(command: Command): Command {
  return command
    .option('--out <file>', 'write the result there, also over a file; - is the standard output')
    .option('--force', 'write a file that the method returns under its own name, also over another file');
}
