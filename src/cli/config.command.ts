import { ConfigError } from '../config/config-error.js';
import { configTable, showConfig } from '../config/show-config.js';
import { type Output } from './output.js';

export async function showSettings(
  env: NodeJS.ProcessEnv,
  options: { show?: boolean; table?: boolean },
  out: Output,
): Promise<number> {
  if (options.show !== true && options.table !== true) {
    out.complain(
      'Use --show to print the configuration that this environment sets, or --table to print all settings.',
    );
    return 2;
  }
  const { inspectConfig } = await import('../setup.js');
  const { config, variables, failed, problems } = await inspectConfig(env);
  if (options.table === true) {
    out.print(configTable(variables));
    return 0;
  }
  if (problems.length > 0) throw new ConfigError(problems);
  out.print(showConfig(env, variables));
  for (const warning of config.warnings) out.complain(warning);
  for (const { text } of failed) out.complain(`${text} Its settings may be missing here.`);
  return 0;
}
