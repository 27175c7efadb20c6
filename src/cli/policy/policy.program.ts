import { type Command } from 'commander';
import { type Output } from '../output.js';
import { type CheckOptions } from './check.command.js';

/** Adds `ferrule policy check|show`. */
export function addPolicy(
  program: Command,
  env: NodeJS.ProcessEnv,
  out: Output,
  ended: (code: number) => void,
): void {
  const policy = program
    .command('policy')
    .description('Who may do what: Ironic’s defaults and FERRULE_POLICY.');
  policy
    .command('check')
    .description(
      'Explain a decision; ends with 0 if it is allowed, with 1 if it is denied, with 2 if nothing can be said.',
    )
    .option(
      '--caller <name>',
      'name or id, such as token:backup, of a caller of FERRULE_CALLERS or FERRULE_HTPASSWD; keystone: and the id of a user, with --role',
    )
    .option('--role <role...>', 'any caller with these roles')
    .option('--project <id>', 'whose roles hold in this project')
    .option('--system', 'whose roles hold for all nodes')
    .option('--action <action>', 'for example baremetal:node:update; by default that of a call on a node')
    .option('--driver <name>', 'the driver of the call')
    .option('--method <name>', 'the method that is called')
    .option('--args <json>', 'its arguments; by default {}')
    .option('--owner <project>', 'the project that owns the node')
    .option('--lessee <project>', 'the project that the node is lent to')
    .option(
      '--file <cases>',
      'a file of cases with these members and `expect: allow` or `deny`, in place of one question; YAML or JSON lines',
    )
    .option('--json', 'as JSON')
    .action(async (options: CheckOptions) => {
      ended(await (await import('./check.command.js')).checkPolicy(env, options, out));
    });
  policy
    .command('show')
    .description('Print the rules in force, those of the file and then the defaults, as YAML.')
    .action(async () => {
      ended(await (await import('./show.command.js')).showPolicy(env, out));
    });
}
