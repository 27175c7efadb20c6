import { appendFileSync, writeFileSync } from 'node:fs';
import { type Arguments, parsed, USAGE } from './arguments.js';
import { line, record } from './lines.js';
import { type BmcServer, startBmc } from '../server/bmc-server.js';
import { UsageError } from './usage-error.js';

/** Runs the command until the process is interrupted. Returns its exit code: 2 for wrong arguments. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const given = parsed(args);
    if (given.isHelp) {
      print(USAGE);
      return 0;
    }
    await run(given);
    return 0;
  } catch (error) {
    complain(sentenceOf(error));
    if (!(error instanceof UsageError)) {
      return 1;
    }
    complain('See ferrule-bmc --help.');
    return 2;
  }
}

async function run(given: Arguments): Promise<void> {
  const { profile, tree, host, port, isTls: tls, username, password, journal, caFile, misbehave } = given;
  const source = tree === undefined ? { profile } : { tree };
  const bmc = await startBmc({ ...source, host, port, tls, username, password, misbehave });
  try {
    if (caFile !== undefined) {
      writeFileSync(caFile, bmc.caPem ?? '');
    }
    if (journal !== undefined) {
      appendFileSync(journal, '');
    }
    const interrupted = interruption();
    bmc.onAnswer((request) => {
      print(line(request));
      if (journal !== undefined) {
        appendFileSync(journal, `${JSON.stringify(record(request, new Date()))}\n`);
      }
      // Tests look at the requests since they last forgot them; here nobody would.
      bmc.forget();
    });
    print(introduction(bmc, tree ?? profile, caFile));
    await interrupted;
  } finally {
    await bmc.close();
  }
}

function introduction(bmc: BmcServer, name: string, caFile: string | undefined): string {
  const trust = caFile === undefined ? 'self-signed, not saved (see --ca-file)' : caFile;
  return [
    `BMC ${name} at ${bmc.address}`,
    `username: ${bmc.username}`,
    `password: ${bmc.password}`,
    ...(bmc.caPem === undefined ? [] : [`certificate: ${trust}`]),
  ].join('\n');
}

function interruption(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => resolve());
    }
  });
}

function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isTaken = 'code' in error && error.code === 'EADDRINUSE' && 'port' in error;
  return isTaken
    ? `Port ${String(error.port)} is in use. Choose another with --port; 0 takes a free one.`
    : error.message;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function complain(text: string): void {
  process.stderr.write(`${text}\n`);
}
