import { z } from 'zod';
import { type Link } from '../audit/chain.js';
import { StartError } from '../config/start-error.js';
import { type Statements } from '../database/database.js';
import { type Output } from './output.js';
import { stopSignal } from './stop-signal.js';

/** @returns 1 if a record is broken or missing. */
export async function verifyAudit(
  env: NodeJS.ProcessEnv,
  { expect }: { expect?: string },
  out: Output,
): Promise<number> {
  const expected = expect === undefined ? undefined : linkOf(expect);
  const { verify } = await import('../audit/chain.js');
  const verdict = await inAudit(env, out, (statements) => verify(statements, expected));
  if (!verdict.isWhole) {
    out.complain(`The audit is broken: ${verdict.problem}.`);
    return 1;
  }
  const { count, forgotten, newest, gaps } = verdict;
  const before = forgotten === '0' ? '' : `; those up to ${forgotten} were deleted when they were old`;
  out.print(`The audit is whole: ${count} records${before}.`);
  for (const { since, until } of gaps) {
    const end = until === undefined ? 'on' : `to ${until}`;
    out.print(`From ${since} ${end} records may be missing, since FERRULE_AUDIT was false.`);
  }
  if (newest.seq !== '0') out.print(`The newest is ${newest.seq}:${newest.hash.toString('hex')}`);
  return 0;
}

export async function exportAudit(
  env: NodeJS.ProcessEnv,
  { since, until }: { since?: string; until?: string },
  out: Output,
): Promise<number> {
  const span = { since: timeOf('--since', since), until: timeOf('--until', until) };
  const { recordsOf } = await import('../audit/chain.js');
  const { recordJson } = await import('../audit/audit.view.js');
  await inAudit(env, out, async (statements) => {
    for await (const record of recordsOf(statements, span)) {
      if (out.isClosed === true) return;
      out.print(recordJson(record));
    }
  });
  return 0;
}

async function inAudit<T>(
  env: NodeJS.ProcessEnv,
  out: Output,
  work: (statements: Statements) => Promise<T>,
): Promise<T> {
  const { loadServiceConfig } = await import('../setup.js');
  const config = await loadServiceConfig(env);
  const { atExisting } = await import('../database/existing.js');
  const { inSnapshot } = await import('../database/snapshot.js');
  // Standard output is for the records.
  const complain = (text: string): void => out.complain(text);
  const stop = stopSignal();
  const log = { info: complain, warn: complain };
  return atExisting(config, { log, stop }, (connection) => inSnapshot(connection, stop, work));
}

function timeOf(option: string, given: string | undefined): string | undefined {
  if (given === undefined || z.iso.datetime({ offset: true }).safeParse(given).success) return given;
  throw new StartError(`${option} takes a time such as 2026-03-01T08:15:30Z, not '${given}'.`);
}

function linkOf(text: string): Link {
  const [, seq = '', hash = ''] = /^(\d{1,18}):([\da-f]{64})$/.exec(text) ?? [];
  if (seq === '') {
    throw new StartError(
      '--expect takes SEQ:HASH, as `ferrule audit verify` prints it: the number of a record, a colon, and its hash ' +
        'of 64 hexadecimal digits.',
    );
  }
  return { seq, hash: Buffer.from(hash, 'hex') };
}
