import { createReadStream } from 'node:fs';
import { type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { StartError } from '../../config/start-error.js';
import { codeOf } from '../../database/faults/error-code.js';
import { type KeysInUse } from '../../keys/key-register.js';
import { reasonOf } from '../../logging/reason-of.js';
import { type Output } from '../output.js';
import { withLimit } from '../../waiting/with-limit.js';
import { stopSignal } from '../stop-signal.js';
import { type SettlingOptions, settlingOf, tellSettled } from './settling.js';
import { timeoutOf } from './timeout.js';

/** Milliseconds in which failed work leaves its database. */
const LEAVE_MS = 60_000;

/** @param file `-` stands for standard input. */
export async function restore(
  env: NodeJS.ProcessEnv,
  file: string,
  options: SettlingOptions,
  out: Output,
): Promise<number> {
  const { loadServiceConfig } = await import('../../setup.js');
  const silence = timeoutOf(options.timeout);
  const config = await loadServiceConfig(env);
  const { inDatabase } = await import('../../database/backup/session.js');
  const { load, openArchive } = await import('../../database/backup/load.js');
  const { settleRestored } = await import('../../database/transitions/settle-restored.js');
  const { statementsOf } = await import('../../database/sessions/client-statements.js');
  const { KeyRegister } = await import('../../keys/key-register.js');
  const log = { info: (text: string) => out.print(text), warn: (text: string) => out.complain(text) };
  const stop = stopSignal();
  const settling = await settlingOf(config, options);
  const source = file === '-' ? process.stdin : createReadStream(file);
  let ended = 0;
  let inUse: KeysInUse = { ids: [], mayBeClear: false };
  const { header, tables } = await unpacked(source, file, stop, async (bytes) => {
    const late = new StartError(`Nothing was read from ${file} for ${silence / 1_000} s.`);
    const archive = await withLimit(openArchive(bytes), silence, late, stop);
    const tables = await inDatabase(config, log, { stop, silence }, (client) =>
      load(client, archive, async () => {
        inUse = await new KeyRegister(statementsOf(client)).inUse();
        ended = await settleRestored(client, settling);
      }),
    );
    return { header: archive.header, tables };
  });
  const counts = tables.map(({ table, rows }) => `${table} ${rows}`);
  out.print(`Restored the backup of ${header.made_at} by Ferrule ${header.ferrule}.`);
  out.print(`Rows, each table compared with the checksum of the backup: ${counts.join(', ')}.`);
  tellSettled(ended, inUse, config, out);
  return 0;
}

async function unpacked<T>(
  source: Readable,
  file: string,
  stop: AbortSignal,
  work: (bytes: AsyncIterable<Buffer>) => Promise<T>,
): Promise<T> {
  try {
    return await new Promise<T>((resolve, reject) => {
      let working: Promise<unknown> = Promise.resolve();
      // A failed pipeline ends only when a read of its source has, which a frozen disk never ends.
      const use = async (bytes: AsyncIterable<Buffer>): Promise<void> => {
        const result = work(bytes);
        working = result;
        result.then(resolve, reject);
        await result;
      };
      pipeline(source, createGunzip(), use, { signal: stop })
        .catch(async (error: unknown) => {
          // The work knows why it ended its reading, and has to leave the database.
          await withLimit(working, LEAVE_MS, 'It is still at work.').catch(() => {});
          throw error;
        })
        .catch(reject);
    });
  } catch (error) {
    throw problem(error, file);
  }
}

function problem(error: unknown, file: string): unknown {
  if (!(error instanceof Error)) return error;
  const code = codeOf(error) ?? '';
  // 22 is PostgreSQL's class of values that it cannot read.
  if (error.name === 'DamagedArchive' || /^(Z_|22)/.test(code)) {
    return new StartError(
      `${file} is not a backup by Ferrule, or it is damaged: ${reasonOf(error)}. Nothing was restored.`,
    );
  }
  if (/^E[A-Z]+$/.test(code)) return new StartError(`The backup cannot be read: ${reasonOf(error)}.`);
  return error;
}
