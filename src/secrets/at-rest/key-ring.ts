import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { SecretDamaged, SecretsKeyMissing } from './errors.js';

/** No text of a client or a driver may begin so. */
export const SEALED = 'ferrule-sealed:';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** Hexadecimal digits; enough to tell keys apart, and useless for guessing one. */
const ID_LENGTH = 12;

/** Where a value is stored: a kind, an id, a column and the keys in it. It is bound to the ciphertext. */
export type Place = readonly (string | number)[];

/** AES-256 keys: the first encrypts, all decrypt. Encrypted is `ferrule-sealed:<key id>:<Base64 of IV, ciphertext and tag>`. */
export class KeyRing {
  private readonly keys: ReadonlyMap<string, KeyObject>;
  /** The id of the key that encrypts. */
  readonly first: string | undefined;

  constructor(keys: readonly Buffer[]) {
    this.keys = new Map(keys.map((key) => [idOf(key), createSecretKey(key)]));
    [this.first] = this.keys.keys();
  }

  /** In their order. */
  get ids(): readonly string[] {
    return [...this.keys.keys()];
  }

  has(id: string): boolean {
    return this.keys.has(id);
  }

  /** Only with a key. */
  seal(value: unknown, place: Place): string {
    const { first = '' } = this;
    const key = this.keys.get(first);
    if (!key) throw new TypeError('There is no key to encrypt with.');
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(JSON.stringify(place)));
    const parts = [iv, cipher.update(JSON.stringify(value), 'utf8'), cipher.final(), cipher.getAuthTag()];
    return `${SEALED}${first}:${Buffer.concat(parts).toString('base64')}`;
  }

  /**
   * @param what names the place in an error.
   * @throws SecretsKeyMissing, SecretDamaged
   */
  open(sealed: string, place: Place, what: string): unknown {
    const id = keyOf(sealed);
    const key = this.keys.get(id);
    if (!key) throw new SecretsKeyMissing(what, id);
    const bytes = Buffer.from(sealed.slice(SEALED.length + ID_LENGTH + 1), 'base64');
    try {
      const iv = bytes.subarray(0, IV_BYTES);
      const decipher = createDecipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(JSON.stringify(place)));
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      const text = decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES), undefined, 'utf8');
      return JSON.parse(text + decipher.final('utf8'));
    } catch {
      throw new SecretDamaged(what);
    }
  }
}

export function isSealed(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith(SEALED);
}

/** The id of the key that encrypted it. */
export function keyOf(sealed: string): string {
  return sealed.slice(SEALED.length, SEALED.length + ID_LENGTH);
}

function idOf(key: Buffer): string {
  return createHmac('sha256', key).update('id of a key of Ferrule').digest('hex').slice(0, ID_LENGTH);
}
