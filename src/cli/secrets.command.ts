import { type Output } from './output.js';
import { nextSignal } from './signals.js';

/** Of the configured database or the embedded one. It can be stopped and run again. */
export async function rotate(env: NodeJS.ProcessEnv, out: Output): Promise<number> {
  const { loadServiceConfig } = await import('../setup.js');
  const config = await loadServiceConfig(env);
  const { openDatabase } = await import('../database/open-database.js');
  const { Rotation } = await import('../keys/rotation.js');
  const { SecretsAtRest } = await import('../secrets/at-rest/secrets-at-rest.js');
  const secrets = new SecretsAtRest(config.secretsKey);
  const stop = new AbortController();
  const rotation = new Rotation(secrets, stop.signal);
  void nextSignal().then(() => stop.abort());
  const log = { info: (text: string) => out.print(text), warn: (text: string) => out.complain(text) };
  const database = await openDatabase(config, { log, stop: stop.signal }).database;
  try {
    const { nodes, jobs, isWhole } = await rotation.run(database);
    out.print(
      `Encrypted the secrets of ${nodes} nodes and the arguments of ${jobs} jobs with the key ${String(secrets.keys.first)}.`,
    );
    if (isWhole) out.print('No other key is needed any more.');
    else out.complain('Stopped before the end; run it again to go on.');
    return isWhole ? 0 : 1;
  } finally {
    await database.close();
  }
}
