import { InvalidParameterValue, isJsonObject, isSecretKey, type JsonObject, MASK } from '@ferrule/driver-kit';
import { FURTHER_SECRETS } from '../masking.js';
import { maskText } from '../text-masking.js';
import { isSealed, KeyRing, keyOf, SEALED, type SealedPlace } from './key-ring.js';
import { type Change, MemberWalk } from './member-walk.js';

/** Columns of nodes whose secret values are encrypted in the database. */
export const SEALED_FIELDS = ['driver_info', 'driver_internal_info', 'instance_info'] as const;
export type SealedField = (typeof SEALED_FIELDS)[number];

export function isSealedField(column: string): column is SealedField {
  return SEALED_FIELDS.some((field) => field === column);
}

type SealedRow = { readonly uuid: string } & { readonly [Field in SealedField]?: JsonObject };
type Members = Record<string, unknown>;

/** The answer of a call as it is stored. */
export interface StoredAnswer {
  /** JSON text; null if they are encrypted with the body. */
  readonly headers: string | null;
  readonly body: Buffer;
  /** Id of the key that it is encrypted with; null: it is in the clear. */
  readonly sealedWith: string | null;
}

/**
 * Encrypts what a node's API masks: values under secret keys, and texts in which a secret is spelled out. Each is bound
 * to its node, column and keys. Without keys everything stays as it is.
 */
export class SecretsAtRest {
  readonly keys: KeyRing;

  constructor(keys: readonly Buffer[] = []) {
    this.keys = new KeyRing(keys);
  }

  /** @throws InvalidParameterValue (400) for a text that looks encrypted already. */
  sealedField<T>(uuid: string, field: string, value: T): T {
    refuseSealed(field, value);
    if (this.keys.first === undefined) return value;
    return this.walk(uuid, field, (member, key, place) =>
      isSecret(field, member, key, place) ? this.keys.seal(member, place) : member,
    ).below(value);
  }

  /** @throws SecretsKeyMissing, SecretDamaged */
  openedField<T>(uuid: string, field: string, value: T): T {
    return this.walk(uuid, field, (member, _, place) =>
      isSealed(member) ? this.keys.open(member, place, nameOf(uuid, field)) : member,
    ).below(value);
  }

  /** For views, which mask secrets: one that cannot be decrypted must not hide the node. */
  shownField<T>(uuid: string, field: string, value: T): T {
    return this.walk(uuid, field, (member, _, place) => {
      if (!isSealed(member)) return member;
      try {
        return this.keys.open(member, place, nameOf(uuid, field));
      } catch {
        return MASK;
      }
    }).below(value);
  }

  openedNode<Row extends SealedRow>(row: Row): Row {
    const opened: { -readonly [Field in SealedField]?: JsonObject } = {};
    for (const field of SEALED_FIELDS) {
      const value = row[field];
      if (value === undefined) continue;
      const clear = this.openedField(row.uuid, field, value);
      if (clear !== value) opened[field] = clear;
    }
    return Object.keys(opened).length === 0 ? row : { ...row, ...opened };
  }

  /** With the first key; the value itself if it is so already. */
  resealedField<T>(uuid: string, field: string, value: T): T {
    return this.walk(uuid, field, (member, key, place) => {
      if (isSealed(member)) {
        if (keyOf(member) === this.keys.first) return member;
        return this.keys.seal(this.keys.open(member, place, nameOf(uuid, field)), place);
      }
      return isSecret(field, member, key, place) ? this.keys.seal(member, place) : member;
    }).below(value);
  }

  /** All arguments of a job as one text: any of them may be secret, and nothing in the database reads them. */
  sealedArguments(job: string, args: Members): Members | string {
    if (this.keys.first === undefined || Object.keys(args).length === 0) return args;
    return this.keys.seal(args, argumentsOf(job));
  }

  /** Arguments are an object, so a text is never one of a client. */
  openedArguments(job: string, stored: Members | string): Members {
    if (typeof stored !== 'string') return stored;
    const args = this.keys.open(stored, argumentsOf(job), `the arguments of job ${job}`);
    if (!isJsonObject(args)) throw new TypeError('The arguments of a job are no object.');
    return args;
  }

  resealedArguments(job: string, stored: Members | string): Members | string {
    if (typeof stored === 'string' && keyOf(stored) === this.keys.first) return stored;
    return this.sealedArguments(job, this.openedArguments(job, stored));
  }

  /** Headers and body together. @param id of the row, to which it is bound. @param headers JSON text. */
  sealedAnswer(id: string, headers: string, body: Uint8Array): StoredAnswer {
    const { first } = this.keys;
    if (first === undefined) return { headers, body: Buffer.from(body), sealedWith: null };
    const whole = Buffer.concat([Buffer.from(`${headers}${END_OF_HEADERS}`), body]);
    return { headers: null, body: this.keys.sealBytes(whole, answerOf(id)), sealedWith: first };
  }

  /** @throws SecretsKeyMissing, SecretDamaged */
  openedAnswer(id: string, { headers, body, sealedWith }: StoredAnswer): { headers: string; body: Buffer } {
    if (sealedWith === null) return { headers: headers ?? '{}', body };
    const whole = this.keys.openBytes(sealedWith, body, answerOf(id), 'the answer of a call with a key');
    const end = whole.indexOf(END_OF_HEADERS);
    return { headers: whole.toString('utf8', 0, end), body: whole.subarray(end + 1) };
  }

  resealedAnswer(id: string, stored: StoredAnswer): StoredAnswer {
    const { headers, body } = this.openedAnswer(id, stored);
    return this.sealedAnswer(id, headers, body);
  }

  private walk(uuid: string, field: string, change: Change): MemberWalk {
    return new MemberWalk(['node', uuid, field], change);
  }
}

/** JSON text of one line has none. */
const END_OF_HEADERS = '\n';

/** Number of parts of the place of a column's own members. */
const OWN_MEMBER = 4;

function isSecret(field: string, value: unknown, key: string | number, place: SealedPlace): boolean {
  if (typeof key === 'string') {
    if (isSecretKey(key)) return true;
    if (place.length === OWN_MEMBER && FURTHER_SECRETS[field]?.includes(key) === true) return true;
  }
  return typeof value === 'string' && maskText(value) !== value;
}

/** It would be taken for a value that this service encrypted. */
function refuseSealed(field: string, value: unknown): void {
  new MemberWalk([], (member) => {
    if (isSealed(member)) {
      throw new InvalidParameterValue(`Invalid ${field}: no text in it may begin with '${SEALED}'.`);
    }
    return member;
  }).below(value);
}

function nameOf(uuid: string, field: string): string {
  return `the ${field} of node ${uuid}`;
}

function answerOf(id: string): SealedPlace {
  return ['answer', id];
}

function argumentsOf(job: string): SealedPlace {
  return ['job', job, 'args'];
}
