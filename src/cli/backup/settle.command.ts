import { StartError } from '../../config/start-error.js';
import { type KeysInUse } from '../../keys/key-register.js';
import { type Output } from '../output.js';
import { stopSignal } from '../stop-signal.js';
import { type SettlingOptions, settlingOf, tellSettled } from './settling.js';
import { timeoutOf } from './timeout.js';

/** `ferrule restore --settle`: after pg_restore, what a restore of a backup by Ferrule does at its end. */
export async function settle(env: NodeJS.ProcessEnv, options: SettlingOptions, out: Output): Promise<number> {
  const { loadServiceConfig } = await import('../../setup.js');
  const silence = timeoutOf(options.timeout);
  const config = await loadServiceConfig(env);
  if (config.databaseUrl === undefined) {
    throw new StartError(
      '--settle is for the database of FERRULE_DATABASE_URL after pg_restore. The restore of a backup by Ferrule settles it itself.',
    );
  }
  const { inSession } = await import('../../database/backup/session.js');
  const { settle: settleDatabase } = await import('../../database/backup/settle.js');
  const { atExisting } = await import('../../database/existing.js');
  const { statementsOf } = await import('../../database/sessions/client-statements.js');
  const { KeyRegister } = await import('../../keys/key-register.js');
  const log = { info: (text: string) => out.print(text), warn: (text: string) => out.complain(text) };
  const stop = stopSignal();
  const settling = await settlingOf(config, options);
  let ended = 0;
  let inUse: KeysInUse = { ids: [], mayBeClear: false };
  await atExisting(config, { log, stop }, (connection) =>
    inSession(connection, { stop, silence }, async (client) => {
      inUse = await new KeyRegister(statementsOf(client)).inUse();
      ended = await settleDatabase(client, settling);
    }),
  );
  out.print(
    options.keepQueued === true
      ? 'Settled what was going on when the copy was made: no job runs, and only queued jobs hold locks.'
      : 'Settled what was going on when the copy was made: no job runs, and no lock is held.',
  );
  tellSettled(ended, inUse, config, out);
  return 0;
}
