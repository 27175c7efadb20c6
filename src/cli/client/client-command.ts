import { type Command } from 'commander';

/** The options of every command that asks a running service. */
export function asClient(command: Command): Command {
  return command
    .option('--url <url>', 'of the service; FERRULE_URL. Without it: that of the settings on this machine')
    .option('--ca <file>', 'PEM file of the authority of its certificate; FERRULE_CA')
    .option('--timeout <seconds>', 'for each answer; without it: 30')
    .option('--json', 'as JSON');
}
