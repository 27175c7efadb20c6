import { type Command } from 'commander';
import { asClient, asking, collect, named } from '../client/client-command.js';
import { type ClientOptions } from '../client/client-settings.js';
import { type Output } from '../output.js';
import { type FleetCallOptions } from './fleet-call.command.js';
import { type ListOptions, type ShowOptions } from './fleet-calls.command.js';

const ASKS = {
  show: ['Show a fleet call with its first failures.', { verb: 'GET' }],
  pause: ['Give no more nodes jobs; jobs that are queued or run go on.', { target: 'paused' }],
  resume: ['Go on after a pause.', { target: 'running' }],
  cancel: ['Give no more nodes jobs, and cancel those that are queued or run.', { verb: 'DELETE' }],
} as const;

/** Adds `ferrule fleet-call` and `ferrule fleet-calls [show|pause|resume|cancel|follow]`. */
export function addFleetCalls(
  program: Command,
  env: NodeJS.ProcessEnv,
  out: Output,
  ended: (code: number) => void,
): void {
  const asked = asking(env, out, ended);
  asClient(program.command('fleet-call').argument('<method>', 'its name', named))
    .description('Call a passthru method on many nodes, and show how far it is until all have ended.')
    .option('--node <node>', 'UUID or name; may be repeated', collect)
    .option('--filter <name=value>', 'of the list of nodes; may be repeated; `all` for all nodes', collect)
    .option(
      '--arg <name=value>',
      'an argument: JSON, or else text; @FILE and @- are texts to read; may be repeated',
      collect,
    )
    .option('--args <json>', 'arguments as a JSON object; @FILE and - are read')
    .option('--http-method <verb>', 'without it: POST')
    .option('--canary <number>', 'so many nodes must succeed before the others begin')
    .option('--parallel <number>', 'jobs at the same time; without it: 10')
    .option('--stop-after <failures>', 'a number, a share such as 5%, or never; without it: 1')
    .option('--lock-wait <seconds>', 'how long a locked node is tried; without it: 600')
    .option('--dry-run', 'only say what would become of the calls')
    .option('--no-wait', 'print the id, and do not follow it')
    .action((method: string, options: ClientOptions & FleetCallOptions) =>
      asked(options, async (client) =>
        (await import('./fleet-call.command.js')).makeFleetCall(client, method, options, out),
      ),
    );
  const calls = asClient(program.command('fleet-calls'))
    .description('The fleet calls of a running service, the newest first.')
    .enablePositionalOptions()
    .option('--state <state>', 'only those in this state, for example running')
    .option('--caller <name>', 'only those of this caller')
    .action((options: ClientOptions & ListOptions) =>
      asked(options, async (client) =>
        (await import('./fleet-calls.command.js')).listFleetCalls(client, options, out),
      ),
    );
  const ofCall = (name: string): Command =>
    asClient(calls.command(name).argument('<id>', 'of the fleet call', named)).hook(
      'preAction',
      (_, command) => {
        if (Object.keys(calls.opts()).length > 0) command.error(`error: options must stand after '${name}'`);
      },
    );
  for (const [name, [description, ask]] of Object.entries(ASKS)) {
    ofCall(name)
      .description(description)
      .action((id: string, options: ClientOptions & ShowOptions) =>
        asked(options, async (client) =>
          (await import('./fleet-calls.command.js')).askFleetCall(client, id, ask, options, out),
        ),
      );
  }
  ofCall('follow')
    .description('Show how far it is until it has ended.')
    .action((id: string, options: ClientOptions & ShowOptions) =>
      asked(options, async (client) =>
        (await import('./fleet-calls.command.js')).followFleetCall(client, id, options, out),
      ),
    );
}
