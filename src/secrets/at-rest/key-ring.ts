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
export type SealedPlace = readonly (string | number)[];

/**
 * AES-256 keys: the first encrypts, all decrypt. Encrypted is `ferrule-sealed:<key id>:<Base64 of IV, ciphertext and
 * tag>`.
 */
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
  seal(value: unknown, place: SealedPlace): string {
    const sealed = this.sealBytes(Buffer.from(JSON.stringify(value)), place);
    return `${SEALED}${this.first}:${sealed.toString('base64')}`;
  }

  /** IV, ciphertext and tag. Only with a key. */
  sealBytes(bytes: Uint8Array, place: SealedPlace): Buffer {
    const key = this.keys.get(this.first ?? '');
    if (!key) throw new TypeError('There is no key to encrypt with.');
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(JSON.stringify(place)));
    return Buffer.concat([iv, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
  }

  /**
   * @param what names the place in an error.
   * @throws SecretsKeyMissing, SecretDamaged
   */
  open(sealed: string, place: SealedPlace, what: string): unknown {
    const bytes = Buffer.from(sealed.slice(SEALED.length + ID_LENGTH + 1), 'base64');
    const text = this.openBytes(keyOf(sealed), bytes, place, what).toString();
    try {
      return JSON.parse(text);
    } catch {
      throw new SecretDamaged(what);
    }
  }

  /** As `open`, for what `sealBytes` made with the key of that id. */
  openBytes(id: string, sealed: Uint8Array, place: SealedPlace, what: string): Buffer {
    const key = this.keys.get(id);
    if (!key) throw new SecretsKeyMissing(what, id);
    try {
      const iv = sealed.subarray(0, IV_BYTES);
      const decipher = createDecipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(JSON.stringify(place)));
      decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
      return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
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
