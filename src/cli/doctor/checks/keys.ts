import { type Config } from '../../../config/config.js';
import { StartError } from '../../../config/start-error.js';
import { Database } from '../../../database/database.js';
import { codeOf } from '../../../database/faults/error-code.js';
import { type Connection } from '../../../database/sessions/connection.js';
import { silent } from '../../../logging/log.js';
import { assertKeys } from '../../../keys/assert-keys.js';
import { KeyRegister } from '../../../keys/key-register.js';
import { SecretsAtRest } from '../../../secrets/at-rest/secrets-at-rest.js';
import { type Finding, ok, problem, warning } from '../finding.js';

const UNDEFINED_TABLE = '42P01';

/** Whether the keys that the database needs are given. */
export async function checkKeys(
  { secretsKey }: Pick<Config, 'secretsKey'>,
  connection: Connection,
): Promise<Finding[]> {
  const { keys } = new SecretsAtRest(secretsKey);
  const database = Database.at(connection, silent);
  try {
    await assertKeys(new KeyRegister(database), keys);
  } catch (error) {
    if (codeOf(error) === UNDEFINED_TABLE) return [];
    if (!(error instanceof StartError)) throw error;
    return [problem(error.message, 'Give the keys of the machine that the database comes from.')];
  } finally {
    await database.close();
  }
  return keys.first === undefined
    ? [
        warning(
          'Secrets are stored in the clear.',
          'Set FERRULE_SECRETS_KEY, and run: ferrule secrets rotate',
        ),
      ]
    : [ok(`The key ${keys.first} encrypts new secrets, and no other is missing.`)];
}
