import { type Command } from 'commander';
import { asClient, asking, collect, named } from '../client/client-command.js';
import { type ClientOptions } from '../client/client-settings.js';
import { asSaver } from '../jobs/jobs.program.js';
import { type Output } from '../output.js';
import { type CallOptions } from './call.command.js';

/** Adds `ferrule call`. */
export function addCall(
  program: Command,
  env: NodeJS.ProcessEnv,
  out: Output,
  ended: (code: number) => void,
): void {
  const asked = asking(env, out, ended);
  asSaver(asClient(program.command('call')))
    .description('Call a passthru method of a node or a driver, and wait for its result.')
    .usage('[options] NODE METHOD\n       ferrule call [options] --driver NAME METHOD')
    .argument('<node>', 'UUID or name; with --driver: the method', named)
    .argument('[method]', 'its name', named)
    .option(
      '--arg <name=value>',
      'an argument: JSON, or else text; @FILE and @- are texts to read; may be repeated',
      collect,
    )
    .option('--args <json>', 'arguments as a JSON object; @FILE and - are read')
    .option('--driver <name>', 'call a method of the driver')
    .option('--vendor-interface <name>', 'of the driver; without it: its default one')
    .option('--http-method <verb>', 'without it: POST, if the method has it, or else its first one')
    .option('--wait-for-lock <seconds>', 'stand in line for the lock of the node')
    .option('--idempotency-key <key>', 'of a call that may have been made; without it: a new one')
    .option('--dry-run', 'only say what would become of the call')
    .option('--no-wait', 'print the id of the job, and do not follow it')
    .action((node: string, method: string | undefined, options: ClientOptions & CallOptions) =>
      asked(options, async (client) =>
        (await import('./call.command.js')).callMethod(client, [node, method], options, out),
      ),
    );
}
