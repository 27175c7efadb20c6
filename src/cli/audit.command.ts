import { type Link } from '../audit/chain.js';
import { StartError } from '../config/start-error.js';
import { type Database } from '../database/database.js';
import { type Output } from './output.js';

/** @returns 1 if a record is broken or missing. */
export async function verifyAudit(
  env: NodeJS.ProcessEnv,
  { expect }: { expect?: string },
  out: Output,
): Promise<number> {
  const expected = expect === undefined ? undefined : linkOf(expect);
  return withDatabase(env, out, async (database) => {
    const { verify } = await import('../audit/chain.js');
    const verdict = await verify(database, expected);
    if (!verdict.isWhole) {
      out.complain(`The audit is broken: ${verdict.problem}.`);
      return 1;
    }
    const { count, forgotten, newest } = verdict;
    const before = forgotten === '0' ? '' : `; those up to ${forgotten} were deleted when they were old`;
    out.print(`The audit is whole: ${count} records${before}.`);
    if (newest.seq !== '0') out.print(`The newest is ${newest.seq}:${newest.hash.toString('hex')}`);
    return 0;
  });
}

export async function exportAudit(env: NodeJS.ProcessEnv, out: Output): Promise<number> {
  return withDatabase(env, out, async (database) => {
    const { recordsOf } = await import('../audit/chain.js');
    const { recordJson } = await import('../audit/audit.view.js');
    for await (const record of recordsOf(database)) out.print(recordJson(record));
    return 0;
  });
}

async function withDatabase(
  env: NodeJS.ProcessEnv,
  out: Output,
  work: (database: Database) => Promise<number>,
): Promise<number> {
  const { loadServiceConfig } = await import('../setup.js');
  const config = await loadServiceConfig(env);
  const { openDatabase } = await import('../database/open-database.js');
  // Standard output is for the records.
  const complain = (text: string): void => out.complain(text);
  const database = await openDatabase(config, { log: { info: complain, warn: complain } }).database;
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

function linkOf(text: string): Link {
  const [, seq = '', hash = ''] = /^(\d{1,18}):([\da-f]{64})$/.exec(text) ?? [];
  if (seq === '')
    throw new StartError('--expect takes a number and a hash, as `ferrule audit verify` prints them.');
  return { seq, hash: Buffer.from(hash, 'hex') };
}
