import { type Output } from '../output.js';
import { ApiClient } from './api-client.js';
import { type ClientOptions, clientSettings } from './client-settings.js';
import { type ExitCode, exitCodeOf } from './exit-code.js';

/** Runs a command that asks a service. */
export function withClient(
  env: NodeJS.ProcessEnv,
  options: ClientOptions,
  out: Output,
  work: (client: ApiClient) => Promise<ExitCode>,
): Promise<ExitCode> {
  return exitCodeOf(out, async () => work(new ApiClient(await clientSettings(env, options))));
}
