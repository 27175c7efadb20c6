import { resolve } from 'node:path';
import { Command, CommanderError, Option } from 'commander';
import { version } from '../config/version.js';
import { explain } from './explain.js';
import { addAuth } from './auth/auth.program.js';
import { addCall } from './call/call.program.js';
import { addFleetCalls } from './fleet/fleet.program.js';
import { addJobs } from './jobs/jobs.program.js';
import { addLocks } from './locks/locks.program.js';
import { addPolicy } from './policy/policy.program.js';
import { type SettlingOptions } from './backup/settling.js';
import { type Output } from './output.js';

interface RestoreCommandOptions extends SettlingOptions {
  readonly settle?: boolean;
}

const SILENCE = 'end when nothing moved for so long';

/** @param args without the program's name. @returns the exit code. */
export async function run(args: readonly string[], env: NodeJS.ProcessEnv, out: Output): Promise<number> {
  let code = 0;
  const program = new Command('ferrule')
    .description('A bare-metal vendor passthru service that speaks the OpenStack Ironic REST API.')
    .version(version)
    // So that options after the name of a command belong to it, also where the command above has the same.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => out.print(text.trimEnd()),
      writeErr: (text) => out.complain(text.trimEnd()),
    });

  // Imported when they run, so that `--help` does not load the web framework.
  program
    .command('serve')
    .description('Start the service; SIGTERM stops it.')
    .option('--hints', 'print the URL and example commands')
    .addOption(new Option('--standby', 'load the code, and start when the parent process says so').hideHelp())
    .action(async (options: { hints?: boolean; standby?: boolean }) => {
      code = await (await import('./serve/serve.command.js')).serve(env, options, out);
    });
  program
    .command('dev')
    .description('Serve the driver in a folder on a database of its own; restart after each change.')
    .argument('[folder]', 'folder of the package', '.')
    .action(async (folder: string) => {
      code = await (await import('./dev/dev.command.js')).dev(env, resolve(folder), out);
    });
  program
    .command('drivers')
    .description('List the available hardware types; needs no database.')
    .option('--json', 'as JSON')
    .action(async (options: { json?: boolean }) => {
      code = await (await import('./drivers.command.js')).drivers(env, options, out);
    });
  program
    .command('migrate')
    .description('Bring the database up to date.')
    .action(async () => {
      code = await (await import('./migrate.command.js')).migrate(env, out);
    });
  program
    .command('backup')
    .description('Write a backup of the embedded database, also while the service runs.')
    .argument('<file>', 'file to write; - is standard output')
    .option('--timeout <duration>', SILENCE, '10m')
    .action(async (file: string, options: { timeout: string }) => {
      code = await (await import('./backup/backup.command.js')).backup(env, file, options, out);
    });
  program
    .command('restore')
    .description('Fill an empty data directory, or an empty database, from a backup.')
    .argument('[file]', 'file of a backup; - is standard input')
    .option('--settle', 'without a file: end what was going on in the database that pg_restore filled')
    .option('--keep-queued', 'run the jobs that were queued; only if the service stopped before the backup')
    .option('--timeout <duration>', SILENCE, '10m')
    .action(async (file: string | undefined, options: RestoreCommandOptions, command: Command) => {
      if (options.settle === true) {
        if (file !== undefined) command.error('error: --settle reads no file');
        code = await (await import('./backup/settle.command.js')).settle(env, options, out);
      } else {
        if (file === undefined) command.error("error: missing required argument 'file'");
        code = await (await import('./backup/restore.command.js')).restore(env, file, options, out);
      }
    });
  program
    .command('secrets')
    .description('Secrets in the database.')
    .command('rotate')
    .description(
      'Encrypt all of them with the first key of FERRULE_SECRETS_KEY, also beside a running service.',
    )
    .action(async () => {
      code = await (await import('./secrets.command.js')).rotate(env, out);
    });
  const audit = program.command('audit').description('The record of what was done.');
  audit
    .command('verify')
    .description('Check the chain of its records, and name the first broken one.')
    .option('--expect <seq:hash>', 'a record that must be in the chain, as an earlier run printed it')
    .action(async (options: { expect?: string }) => {
      code = await (await import('./audit.command.js')).verifyAudit(env, options, out);
    });
  audit
    .command('export')
    .description('Print records, oldest first, as JSON lines.')
    .option('--since <time>', 'only those from this time on, for example 2026-03-01T00:00:00Z')
    .option('--until <time>', 'only those before this time')
    .action(async (options: { since?: string; until?: string }) => {
      code = await (await import('./audit.command.js')).exportAudit(env, options, out);
    });
  program
    .command('doctor')
    .description('Check settings, database, queue, drivers and machine; change nothing.')
    .option('--node <node>', 'UUID or name of a node: also check its driver_info and the way to its BMC')
    .option('--json', 'as JSON')
    .action(async (options: { node?: string; json?: boolean }) => {
      code = await (await import('./doctor/doctor.command.js')).doctor(env, options, out);
    });
  program
    .command('config')
    .description('Show the configuration.')
    .option('--show', 'the configuration that this environment sets, secrets hidden')
    .option('--table', 'every setting, as a Markdown table')
    .action(async (options: { show?: boolean; table?: boolean }) => {
      code = await (await import('./config.command.js')).showSettings(env, options, out);
    });
  program
    .command('openapi')
    .description('Print the OpenAPI document of the listing endpoints.')
    .option('--out <file>', 'write it to a file')
    .action(async (options: { out?: string }) => {
      code = await (await import('./openapi.command.js')).openapi(options, out);
    });

  addAuth(program, env, out, (exitCode) => (code = exitCode));
  addPolicy(program, env, out, (exitCode) => (code = exitCode));
  addJobs(program, env, out, (exitCode) => (code = exitCode));
  addCall(program, env, out, (exitCode) => (code = exitCode));
  addLocks(program, env, out, (exitCode) => (code = exitCode));
  addFleetCalls(program, env, out, (exitCode) => (code = exitCode));

  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    // Commander has printed the problem or the help.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    out.complain(explain(error));
    return 1;
  }
}
