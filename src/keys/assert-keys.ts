import { StartError } from '../config/start-error.js';
import { type KeyRing } from '../secrets/at-rest/key-ring.js';
import { type KeysInUse } from './key-register.js';

/** @returns which keys are missing; undefined if none is. */
export function missingKeys({ ids }: KeysInUse, keys: KeyRing): string | undefined {
  const missing = ids.filter((id) => !keys.has(id));
  if (missing.length === 0) return undefined;
  const which = keysText(missing);
  return keys.first === undefined
    ? `Secrets in the database are encrypted with ${which}, but FERRULE_SECRETS_KEY is not set.`
    : `Secrets in the database are encrypted with ${which}, which FERRULE_SECRETS_KEY does not have. Add it at ` +
        'the end of the list; after `ferrule secrets rotate` it is no longer needed.';
}

/** @throws StartError if something in the database may be encrypted with a key that is not given. */
export function assertKeys(inUse: KeysInUse, keys: KeyRing): void {
  const missing = missingKeys(inUse, keys);
  if (missing !== undefined) throw new StartError(missing);
}

export function keysText(ids: readonly string[]): string {
  return ids.length === 1 ? `the key ${ids.join()}` : `the keys ${ids.join(', ')}`;
}

/** The keys of FERRULE_SECRETS_KEY in their order, and what each is for. */
export function givenKeysText({ ids: given, first }: KeyRing, { ids }: KeysInUse): string {
  const uses = given.map((id) => {
    if (id === first) return `${id} (encrypts)`;
    return ids.includes(id) ? `${id} (needed for what was stored before)` : `${id} (not needed)`;
  });
  return `FERRULE_SECRETS_KEY has ${keysText(uses)}.`;
}
