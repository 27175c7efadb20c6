import { loadConfig } from '../config/load-config.js';
import { configTable, showConfig } from '../config/show-config.js';
import { type Output } from './output.js';

/** `ferrule config`: the configuration in force, or the table of all there is. */
export function config(
  env: NodeJS.ProcessEnv,
  options: { show?: boolean; table?: boolean },
  out: Output,
): number {
  if (options.table === true) {
    out.print(configTable());
    return 0;
  }
  if (options.show !== true) {
    out.complain('Say what: --show prints the configuration in force, --table prints all settings.');
    return 2;
  }
  const { warnings } = loadConfig(env);
  out.print(showConfig(env));
  for (const warning of warnings) out.complain(warning);
  return 0;
}
