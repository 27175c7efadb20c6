import { type Command } from 'commander';
import { asClient, asking, named } from '../client/client-command.js';
import { type ClientOptions } from '../client/client-settings.js';
import { type Output } from '../output.js';
import { type BreakOptions, type ListOptions } from './locks.command.js';

/** Adds `ferrule locks [break]`. */
export function addLocks(
  program: Command,
  env: NodeJS.ProcessEnv,
  out: Output,
  ended: (code: number) => void,
): void {
  const asked = asking(env, out, ended);
  const locks = asClient(program.command('locks'))
    .description('The locked nodes of a running service.')
    .enablePositionalOptions()
    .option('--node <node>', 'only that of this node: UUID or name')
    .action((options: ListOptions & ClientOptions) =>
      asked(options, async (client) => (await import('./locks.command.js')).listLocks(client, options, out)),
    );
  asClient(locks.command('break'))
    .description('Free the lock of a node; a job that holds it ends.')
    .argument('<node>', 'UUID or name', named)
    .option('--fence <number>', 'break only the lock with this fence; without it: the one that is held now')
    .hook('preAction', (_, command) => {
      if (Object.keys(locks.opts()).length > 0) command.error("error: options must stand after 'break'");
    })
    .action((node: string, options: BreakOptions & ClientOptions) =>
      asked(options, async (client) =>
        (await import('./locks.command.js')).breakLock(client, node, options, out),
      ),
    );
}
