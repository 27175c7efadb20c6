import { counted } from '../text/counted.js';
import { type Output } from './output.js';
import { stopSignal } from './stop-signal.js';

/** Of the configured database or the embedded one. It can be stopped and run again. */
export async function rotate(env: NodeJS.ProcessEnv, out: Output): Promise<number> {
  const { loadServiceConfig } = await import('../setup.js');
  const config = await loadServiceConfig(env);
  const { Database } = await import('../database/database.js');
  const { atExisting } = await import('../database/existing.js');
  const { Rotation } = await import('../keys/rotation.js');
  const { SecretsAtRest } = await import('../secrets/at-rest/secrets-at-rest.js');
  const { givenKeysText } = await import('../keys/assert-keys.js');
  const secrets = new SecretsAtRest(config.secretsKey);
  const stop = stopSignal();
  const rotation = new Rotation(secrets, stop);
  const log = { info: (text: string) => out.print(text), warn: (text: string) => out.complain(text) };
  const { nodes, jobs, answers, isWhole } = await atExisting(config, { log, stop }, async (connection) => {
    const database = Database.at(connection, log);
    try {
      return await rotation.run(database);
    } finally {
      await database.close();
    }
  });
  out.print(
    `Encrypted with the key ${String(secrets.keys.first)}: the secrets of ${counted(nodes, 'node')}, the arguments of ` +
      `${counted(jobs, 'job')}, and ${counted(answers, 'answer')} that are kept for an Idempotency-Key.`,
  );
  if (isWhole) {
    out.print(givenKeysText(secrets.keys, { ids: [], mayBeClear: false }));
    out.print('No other key is needed any more, except for backups that were made before.');
  }
  if (!isWhole) out.complain('Stopped before the end; run it again to go on.');
  return isWhole ? 0 : 1;
}
