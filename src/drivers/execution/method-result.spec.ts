import { Attachment } from '@ferrule/driver-kit';
import { ResultTooLarge } from './method-errors.js';
import { MAXIMUM_ATTACHMENT, MAXIMUM_JSON, MAXIMUM_RESULT_VALUES, resultOf } from './method-result.js';

const METHOD = { name: 'read_logs', isAttachment: false };
const FILE = { name: 'read_file', isAttachment: true };

describe('the result of a method', () => {
  it('may be as large as the limit', () => {
    const text = 'x'.repeat(MAXIMUM_JSON - 2);
    expect(resultOf(METHOD, text)).toEqual({ json: `"${text}"` });
    const file = new Attachment(new Uint8Array(MAXIMUM_ATTACHMENT));
    expect(resultOf(FILE, file)).toMatchObject({ attachment: { bytes: { byteLength: MAXIMUM_ATTACHMENT } } });
  });

  it.each([
    ['one long text', () => 'x'.repeat(MAXIMUM_JSON - 1)],
    ['text that is longer in UTF-8', () => 'ä'.repeat(MAXIMUM_JSON / 2)],
    ['bytes', () => Buffer.alloc(MAXIMUM_JSON + 1)],
    ['text with escapes', () => '\u0001'.repeat(MAXIMUM_JSON / 6 + 1)],
    ['an object with its own JSON', () => ({ toJSON: () => 'x'.repeat(MAXIMUM_JSON) })],
  ])('is refused above the limit: %s', (_, make) => {
    const run = () => resultOf(METHOD, make());
    expect(run).toThrow(ResultTooLarge);
    expect(run).toThrow(
      /'read_logs' ran, but it returned (more than 8 MiB, the limit|[0-9.]+ MiB; the limit is 8 MiB)/,
    );
  });

  it.each([
    ['objects in an array', (count: number) => Array.from({ length: count / 2 }, (_, id) => ({ id }))],
    [
      'members of an object',
      (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [i, i])),
    ],
    ['bytes', (count: number) => new Uint8Array(count)],
  ])('may have as many members as the limit, and no more: %s', (_, make) => {
    expect(() => resultOf(METHOD, make(MAXIMUM_RESULT_VALUES))).not.toThrow();
    expect(() => resultOf(METHOD, make(MAXIMUM_RESULT_VALUES + 2))).toThrow(
      "'read_logs' ran, but it returned more than 100000 members and items, the limit.",
    );
  });

  it('is not encoded when it is surely too large', () => {
    let isEncoded = false;
    const big = {
      text: 'x'.repeat(MAXIMUM_JSON),
      get last() {
        return { toJSON: () => (isEncoded = true) };
      },
    };
    expect(() => resultOf(METHOD, big)).toThrow('more than 8 MiB, the limit');
    expect(isEncoded).toBe(false);
  });

  it.each([
    ['a function', () => 1],
    ['an object', { toJSON: () => undefined }],
  ])('is refused in words if it is %s without JSON', (what, value) => {
    expect(() => resultOf(METHOD, value)).toThrow(`it returned ${what}, which JSON cannot represent`);
  });

  it('names the size of a file that is too large', () => {
    const file = new Attachment(new Uint8Array(MAXIMUM_ATTACHMENT + 1_048_576));
    expect(() => resultOf(FILE, file)).toThrow(
      "'read_file' ran, but it returned 17 MiB; the limit is 16 MiB.",
    );
  });

  it('has an object twice that occurs twice, and reports a cycle as such', () => {
    const shared = { text: 'x'.repeat(1_000) };
    const cycle: Record<string, unknown> = { shared };
    cycle['itself'] = cycle;
    expect(() => resultOf(METHOD, cycle)).toThrow(/circular/i);
    expect(resultOf(METHOD, [shared, shared])).toEqual({ json: JSON.stringify([shared, shared]) });
  });

  it('has the members of a file that were checked, whatever it returns when they are read again', () => {
    const bytes = new Uint8Array([1, 2]);
    const once: Record<string, unknown> = { bytes, contentType: 'text/plain', filename: 'a' };
    const file = new Attachment('');
    for (const [name, first] of Object.entries(once)) {
      let reads = 0;
      const get = () => {
        if (reads++ > 0) throw new Error(`${name} was read again`);
        return first;
      };
      Object.defineProperty(file, name, { get });
    }
    expect(resultOf(FILE, file)).toEqual({ attachment: new Attachment(bytes, 'text/plain', 'a') });
  });

  it('has the real bytes of a file, without a copy, whatever its own members say', () => {
    const bytes = Buffer.from('xabx').subarray(1, 3);
    const view = Object.defineProperties(Buffer.from(bytes.buffer, bytes.byteOffset, 2), {
      byteLength: { get: () => NaN },
      buffer: { get: () => new ArrayBuffer(0) },
      length: { get: () => 200_000_000 },
    });
    const result = resultOf(FILE, new Attachment(view));
    if (!('attachment' in result)) throw new Error('It is no file.');
    expect(result.attachment.bytes).toEqual(new Uint8Array(bytes));
    expect(result.attachment.bytes.buffer).toBe(bytes.buffer);
  });

  it('is refused if the bytes of a file only inherit from a Uint8Array, or are too many by a wrong length', () => {
    const imitation: unknown = Object.create(Uint8Array.prototype);
    const file = new Attachment('');
    expect(() => resultOf(FILE, Object.assign(file, { bytes: imitation }))).toThrow('are no Uint8Array');
    const large = new Uint8Array(MAXIMUM_ATTACHMENT + 1_048_576);
    const lying = Object.defineProperty(large, 'byteLength', { value: 1 });
    expect(() => resultOf(FILE, new Attachment(lying))).toThrow('it returned 17 MiB');
  });

  it.each([
    ['filename has a NUL character', new Attachment('x', 'text/plain', 'a\0b')],
    ['filename has a lone surrogate', new Attachment('x', 'text/plain', 'a\ud800')],
    ['filename has more than 255 characters', new Attachment('x', 'text/plain', 'n'.repeat(256))],
    ['contentType is no media type', new Attachment('x', 'x'.repeat(256))],
    ['contentType is no media type', new Attachment('x', 'text/plain\r\nX-Other: 1')],
    ['contentType is no media type', new Attachment('x', '')],
    ['bytes are no Uint8Array', Object.assign(new Attachment('x'), { bytes: 'x' })],
  ])('is refused if a file has a part that cannot be stored: %s', (problem, file) => {
    expect(() => resultOf(FILE, file)).toThrow(problem);
  });
});
