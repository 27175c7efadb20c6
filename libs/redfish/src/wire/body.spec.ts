import { gzipSync } from 'node:zlib';
import { decompress, readBody } from './body.js';

function read(text: string | Uint8Array, contentType = 'application/json'): unknown {
  const body = readBody(typeof text === 'string' ? Buffer.from(text) : text, contentType);
  return body.kind === 'json' ? body.value : body.kind;
}

describe('readBody', () => {
  it('replaces bytes that are not UTF-8 and keeps the rest', () => {
    const bytes = Buffer.concat([
      Buffer.from('{"SerialNumber":"A'),
      Buffer.from([0xff]),
      Buffer.from('B","Id":"1"}'),
    ]);
    expect(read(bytes)).toEqual({ SerialNumber: 'A\ufffdB', Id: '1' });
  });

  it.each([
    ['a byte order mark', '\ufeff{"a":1}'],
    ['two of them', '\ufeff\ufeff{"a":1}'],
    ['NULs and blanks around', '\0 \r\n{"a":1}\0\0\n'],
  ])('strips %s', (_what, text) => {
    expect(read(text)).toEqual({ a: 1 });
  });

  it('escapes raw control characters inside strings, and only there', () => {
    expect(read('{\n\t"Name": "a\tb\nc\u0001",\r\n"Path": "x\\\\", "Quote": "\\"\t"}')).toEqual({
      Name: 'a\tb\nc\u0001',
      Path: 'x\\',
      Quote: '"\t',
    });
  });

  it('reads the resource after a broken error object', () => {
    const broken = '{"error":{"code":"x","@Message.ExtendedInfo":[{"Message":"No licence."}]';
    expect(read(`${broken}{"@odata.id":"/redfish/v1/x","Links":{"@odata.id":"/y"}}`)).toEqual({
      '@odata.id': '/redfish/v1/x',
      Links: { '@odata.id': '/y' },
    });
  });

  it.each([
    ['nothing', '', 'empty'],
    ['blanks and NULs', ' \0\n', 'empty'],
    ['half a resource', '{"@odata.id":"/x","Links":{"@odata.id":"/y"', 'text'],
    ['plain text', 'Service Unavailable', 'text'],
    ['a web page, whatever its type says', '<!DOCTYPE html><p>Login</p>', 'html'],
  ])('makes no JSON of %s', (_what, text, kind) => {
    expect(read(text)).toBe(kind);
  });

  it('recognises a web page by its type, too', () => {
    expect(read('<p>Login</p>', 'text/html; charset=utf-8')).toBe('html');
  });
});

describe('decompress', () => {
  const packed = gzipSync('{"a":1}');

  it('undoes an unrequested compression', async () => {
    expect((await decompress(packed, 'GZIP', 100)).toString()).toBe('{"a":1}');
  });

  it('leaves an unknown encoding unchanged', async () => {
    expect(await decompress(packed, 'identity', 100)).toBe(packed);
  });

  it('does not unpack more than the cap', async () => {
    await expect(decompress(gzipSync(Buffer.alloc(10_000)), 'gzip', 100)).rejects.toThrow(
      'larger than 100 bytes',
    );
  });
});
