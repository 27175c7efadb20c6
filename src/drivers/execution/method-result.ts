import { Attachment } from '@ferrule/driver-kit';
import { typeName } from '../../json/type-name.js';
import { storableProblem } from '../../json/storable.js';
import { ownView } from './bytes.js';
import { type MethodResult } from './method-call.js';
import { ResultTooLarge } from './method-errors.js';
import { LimitExceeded, plainJson } from './plain-json.js';
import { type PassthruMethod } from '../methods/passthru-method.js';

const MIB = 1_048_576;
/** Bytes of JSON. Encoding as much for an answer or for the database takes about 100 ms, in which nothing else runs. */
export const MAXIMUM_JSON = 8 * MIB;
/** Members and items at all levels: checking and encoding names takes longer than their bytes do. */
export const MAXIMUM_RESULT_VALUES = 100_000;

export const MAXIMUM_ATTACHMENT = 16 * MIB;

/** Characters of a file's name or media type; longer ones make headers that clients refuse. */
const MAXIMUM_TEXT = 255;

const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]+$/;

/**
 * Checks what a method returned.
 * @throws ResultTooLarge; TypeError if it cannot be sent or stored.
 */
export function resultOf(
  method: Pick<PassthruMethod, 'name' | 'isAttachment'>,
  value: unknown,
): MethodResult {
  return method.isAttachment
    ? { attachment: attachmentOf(method.name, value) }
    : { json: jsonOf(method.name, value ?? null) };
}

function jsonOf(method: string, value: unknown): string {
  const plain = plainResult(method, value);
  if (plain === undefined) throw new TypeError(`it returned ${typeName(value)}, which JSON cannot represent`);
  const json = JSON.stringify(plain);
  const size = Buffer.byteLength(json);
  if (size > MAXIMUM_JSON) throw ResultTooLarge.ofBytes(method, size, MAXIMUM_JSON);
  return json;
}

function plainResult(method: string, value: unknown): unknown {
  try {
    return plainJson({ bytes: MAXIMUM_JSON, values: MAXIMUM_RESULT_VALUES }, value);
  } catch (error) {
    if (!(error instanceof LimitExceeded)) throw error;
    if (error.limit === 'bytes') throw ResultTooLarge.moreThanBytes(method, MAXIMUM_JSON);
    throw ResultTooLarge.moreThanValues(method, MAXIMUM_RESULT_VALUES);
  }
}

/** Of members that are read once, since they may be getters. The bytes are not copied. */
function attachmentOf(method: string, value: unknown): Attachment {
  if (!Attachment.is(value)) throw new TypeError('it declares an attachment but returned none');
  const { bytes: given, contentType, filename }: Partial<Record<keyof Attachment, unknown>> = value;
  const bytes = ownView(given);
  if (!bytes) throw new TypeError("its attachment's bytes are no Uint8Array");
  if (
    typeof contentType !== 'string' ||
    contentType.length > MAXIMUM_TEXT ||
    !HEADER_VALUE.test(contentType)
  ) {
    throw new TypeError("its attachment's contentType is no media type");
  }
  if (filename !== undefined) {
    if (typeof filename !== 'string') throw new TypeError("its attachment's filename is no text");
    if (filename.length > MAXIMUM_TEXT) {
      throw new TypeError(`its attachment's filename has more than ${MAXIMUM_TEXT} characters`);
    }
    const problem = storableProblem(filename);
    if (problem !== undefined) throw new TypeError(`its attachment's filename ${problem}`);
  }
  if (bytes.byteLength > MAXIMUM_ATTACHMENT) {
    throw ResultTooLarge.ofBytes(method, bytes.byteLength, MAXIMUM_ATTACHMENT);
  }
  return new Attachment(bytes, contentType, filename);
}
