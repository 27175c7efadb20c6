import { type Command } from 'commander';
import { type Output } from '../output.js';
import { type AddOptions } from './add-options.js';
import { type ListOptions } from './list.command.js';

/** Adds `ferrule auth add|list|remove`. */
export function addAuth(
  program: Command,
  env: NodeJS.ProcessEnv,
  out: Output,
  ended: (code: number) => void,
): void {
  const auth = program
    .command('auth')
    .description(
      'Edit the files of FERRULE_HTPASSWD (passwords) and FERRULE_CALLERS (tokens, certificates).',
    );
  auth
    .command('add')
    .description('Add a caller; a running service notices.')
    .argument('<name>')
    .option('--password', 'known by a password, which is asked for or read from the standard input')
    .option('--token', 'known by a token, which is printed')
    .option(
      '--certificate <subject>',
      'known by a client certificate, by its subject, for example O=Example,CN=rack7',
    )
    .option(
      '--role <role...>',
      'what the caller may do: reader, member, manager, admin, service, or roles of rules in FERRULE_POLICY',
    )
    .option('--project <id>', 'the roles hold for nodes whose owner or lessee is this project')
    .option('--system', 'the roles hold for all nodes')
    .option('--replace', 'write a caller anew who exists already')
    .action(async (name: string, options: AddOptions) => {
      const { standardInput } = await import('./input.js');
      ended(await (await import('./add.command.js')).add(env, name, options, standardInput, out));
    });
  auth
    .command('list')
    .description('List the callers of both files.')
    .option('--json', 'as JSON')
    .action(async (options: ListOptions) => {
      ended(await (await import('./list.command.js')).listCallers(env, options, out));
    });
  auth
    .command('remove')
    .description('Remove a caller; a running service notices.')
    .argument('<name>', 'its name, or its id, such as token:backup, if several have the name')
    .action(async (name: string) => {
      ended(await (await import('./remove.command.js')).removeCaller(env, name, out));
    });
}
