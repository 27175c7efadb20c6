import { EventLines } from './event-lines.js';

function read(pieces: readonly (Buffer | string)[], most = 1_000): [string, string][] {
  const lines = new EventLines(most);
  return pieces.flatMap((piece) =>
    [...lines.read(Buffer.from(piece))].map(({ data, lastId }): [string, string] => [data, lastId]),
  );
}

describe('the lines of an event stream', () => {
  it.each([
    ['one', ['id: 1\ndata: a\n\n']],
    ['in pieces', ['id:', ' 1\nda', 'ta: a', '\n', '\n']],
    ['with CR LF', ['id: 1\r\ndata: a\r\n\r\n']],
    ['with CR LF in two pieces', ['id: 1\r', '\ndata: a\r', '\n\r', '\n']],
    ['with CR', ['id: 1\rdata: a\r\r']],
    ['after a byte order mark', ['\uFEFFid: 1\ndata: a\n\n']],
    ['with comments and unknown fields', [': hello\n\nevent: x\nfoo: bar\nid: 1\ndata: a\n:\n\n']],
    ['without blanks after the colon', ['id:1\ndata:a\n\n']],
  ])('are read: %s', (_what, pieces) => {
    expect(read(pieces)).toEqual([['a', '1']]);
  });

  it('make one message of several lines, and keep the id', () => {
    expect(read(['id: 7\ndata: {\ndata:  "a": 1}\n\ndata: b\n\nid: 8\n\n'])).toEqual([
      ['{\n "a": 1}', '7'],
      ['b', '7'],
    ]);
  });

  it('may cut a character', () => {
    const whole = Buffer.from('data: é\n\n');
    expect(read([whole.subarray(0, 7), whole.subarray(7)])).toEqual([['é', '']]);
  });

  it('are searched once, however many pieces a line comes in', () => {
    const pieces = Array.from({ length: 16 * 1024 }, () => 'x'.repeat(1024));
    expect(read([...pieces, '\ndata: a\n\n'], 32 * 1024 * 1024)).toEqual([['a', '']]);
  });

  it('tell how long to wait', () => {
    const lines = new EventLines(100);
    expect([...lines.read(Buffer.from('retry: 2500\nretry: soon\n\n'))]).toEqual([]);
    expect(lines.retry).toBe(2500);
  });

  it.each([['data: ' + 'x'.repeat(50)], ['data: xxxxxxxx\n'.repeat(6)], ['data\n'.repeat(41)]])(
    'may not be longer than allowed: %j',
    (text) => {
      expect(() => read([text], 40)).toThrow('longer than 40 characters');
    },
  );
});
