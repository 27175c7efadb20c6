import { StartError } from '../config/start-error.js';
import { type KeyRing } from '../secrets/at-rest/key-ring.js';
import { type KeyRegister } from './key-register.js';

/** @throws StartError if something in the database may be encrypted with a key that is not given. */
export async function assertKeys(register: KeyRegister, keys: KeyRing): Promise<void> {
  const missing = (await register.ids()).filter((id) => !keys.has(id));
  if (missing.length === 0) return;
  const which = missing.length === 1 ? `the key ${missing.join()}` : `the keys ${missing.join(', ')}`;
  throw new StartError(
    keys.first === undefined
      ? `Secrets in the database are encrypted with ${which}, but FERRULE_SECRETS_KEY is not set.`
      : `Secrets in the database are encrypted with ${which}, which FERRULE_SECRETS_KEY does not have. Add it at ` +
          'the end of the list; after `ferrule secrets rotate` it is no longer needed.',
  );
}
