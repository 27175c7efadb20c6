import { type Config } from '../../../config/config.js';
import { Database } from '../../../database/database.js';
import { codeOf } from '../../../database/faults/error-code.js';
import { type Connection } from '../../../database/sessions/connection.js';
import { silent } from '../../../logging/log.js';
import { givenKeysText, missingKeys } from '../../../keys/assert-keys.js';
import { KeyRegister, type KeysInUse } from '../../../keys/key-register.js';
import { SecretsAtRest } from '../../../secrets/at-rest/secrets-at-rest.js';
import { type Finding, ok, problem, warning } from '../finding.js';

const UNDEFINED_TABLE = '42P01';

/** Whether the keys that the database needs are given, and whether all of it is encrypted. */
export async function checkKeys(
  { secretsKey }: Pick<Config, 'secretsKey'>,
  connection: Connection,
): Promise<Finding[]> {
  const { keys } = new SecretsAtRest(secretsKey);
  const database = Database.at(connection, silent);
  let inUse: KeysInUse;
  try {
    inUse = await new KeyRegister(database).inUse();
  } catch (error) {
    if (codeOf(error) === UNDEFINED_TABLE) return [];
    throw error;
  } finally {
    await database.close();
  }
  const missing = missingKeys(inUse, keys);
  if (missing !== undefined) {
    return [problem(missing, 'Give the keys of the machine that the database comes from.')];
  }
  if (keys.first === undefined) {
    const advice = 'Set FERRULE_SECRETS_KEY, restart the service, and run: ferrule secrets rotate';
    return [warning('Secrets are stored in the clear.', advice)];
  }
  const given = givenKeysText(keys, inUse);
  if (!inUse.ids.includes(keys.first)) {
    const text = `No process encrypts with the key ${keys.first} yet, so secrets are stored as before. ${given}`;
    return [warning(text, 'Restart the service with the same settings, and run: ferrule secrets rotate')];
  }
  if (inUse.mayBeClear) {
    const text = `Secrets that were stored before there was a key may be in the clear. ${given}`;
    return [warning(text, 'Run: ferrule secrets rotate')];
  }
  return [ok(given)];
}
