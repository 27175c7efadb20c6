import { StartError } from '../config/start-error.js';
import { type Output } from './output.js';
import { nextSignal } from './signals.js';

export async function migrate(env: NodeJS.ProcessEnv, out: Output): Promise<number> {
  const { loadServiceConfig } = await import('../setup.js');
  const config = await loadServiceConfig(env);
  if (config.databaseUrl === undefined) {
    throw new StartError(
      'FERRULE_DATABASE_URL is not set, so there is no external database to bring up to date. The embedded ' +
        'database is brought up to date whenever the service starts.',
    );
  }
  const { openDatabase } = await import('../database/open-database.js');
  let changes = 0;
  const log = {
    info: (message: string) => {
      changes++;
      out.print(message);
    },
    warn: (message: string) => out.complain(message),
  };
  const opening = openDatabase(config, { log, migrate: true });
  const database = await Promise.race([opening.database, nextSignal()]);
  if (typeof database === 'string') {
    await opening.abandon();
    out.complain(`${database}: ended at once.`);
    return 1;
  }
  await database.close();
  if (changes === 0) out.print('The database is up to date.');
  return 0;
}
