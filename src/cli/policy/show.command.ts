import { effectiveRules } from '../../auth/policy/effective-rules.js';
import { readText } from '../../files/watched-file.js';
import { setUp } from '../../setup.js';
import { type Output } from '../output.js';

/** @throws ConfigError if the service could not start. */
export async function showPolicy(env: NodeJS.ProcessEnv, out: Output): Promise<number> {
  const { config } = await setUp(env);
  out.print(effectiveRules(config.policy === undefined ? '' : readText(config.policy)));
  return 0;
}
