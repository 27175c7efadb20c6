import { type Output } from './output.js';

export async function migrate(env: NodeJS.ProcessEnv, out: Output): Promise<number> {
  const { loadServiceConfig } = await import('../setup.js');
  const config = await loadServiceConfig(env);
  const { openDatabase } = await import('../database/open-database.js');
  let changes = 0;
  const log = {
    info: (message: string) => {
      changes++;
      out.print(message);
    },
    warn: (message: string) => out.complain(message),
  };
  const { database } = await openDatabase(config, { log, migrate: true });
  await database.close();
  if (changes === 0) out.print('The database is up to date.');
  return 0;
}
