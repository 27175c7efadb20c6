import { etagOf, isKnown } from './etag.js';

describe('an ETag', () => {
  const etag = etagOf('a');

  it('differs with the text', () => {
    expect(etag).toMatch(/^"[\w-]{22}"$/);
    expect(etagOf('a')).toBe(etag);
    expect(etagOf('b')).not.toBe(etag);
  });

  it.each([
    [undefined, false],
    ['', false],
    ['"other"', false],
    [etag, true],
    [`W/${etag}`, true],
    [`"other" , ${etag}`, true],
    ['*', true],
    [etag.slice(1, -1), false],
  ])('is known to a client that sends %s: %s', (header, known) => {
    expect(isKnown(etag, header)).toBe(known);
  });
});
