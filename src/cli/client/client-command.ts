import { type Command, InvalidArgumentError } from 'commander';
import { type Output } from '../output.js';
import { type ApiClient } from './api-client.js';
import { type ClientOptions } from './client-settings.js';
import { type ExitCode } from './exit-code.js';

const CREDENTIALS = `
Credentials: FERRULE_TOKEN, FERRULE_TOKEN_FILE or OS_TOKEN; or else OS_USERNAME
and OS_PASSWORD.`;

/** The options of every command that asks a running service. */
export function asClient(command: Command): Command {
  return command
    .option('--url <url>', 'of the service; FERRULE_URL. Without it: that of the settings on this machine')
    .option('--ca <file>', 'PEM file of the authority of its certificate; FERRULE_CA')
    .option('--timeout <seconds>', 'for each answer; without it: 30')
    .option('--json', 'print JSON')
    .addHelpText('after', CREDENTIALS);
}

/** Asks the service that the options name. */
export type Ask = (options: ClientOptions, work: (client: ApiClient) => Promise<ExitCode>) => Promise<void>;

/** What it needs is loaded when a command asks. @param ended gets the exit code. */
export function asking(env: NodeJS.ProcessEnv, out: Output, ended: (code: number) => void): Ask {
  return async (options, work) => {
    const { withClient } = await import('./with-client.js');
    ended(await withClient(env, options, out, work));
  };
}

/** For an option that may be given several times. */
export function collect(value: string, given: readonly string[] = []): readonly string[] {
  return [...given, value];
}

/** For an argument that becomes a part of a path. */
export function named(value: string): string {
  if (value.trim() === '') throw new InvalidArgumentError('It is empty.');
  return value;
}
