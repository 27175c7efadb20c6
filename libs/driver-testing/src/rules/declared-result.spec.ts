import { z } from 'zod';
import { problemOfResult } from './declared-result.js';

const Versions = z.object({ items: z.array(z.object({ version: z.string(), slot: z.int().optional() })) });

describe('a result and what the method declares', () => {
  it('agree', async () => {
    expect(await problemOfResult({ items: [{ version: '1', slot: undefined }] }, Versions)).toBeUndefined();
  });

  it.each([
    ['a member of another type', { items: [{ version: 1 }] }, /^items: 0: version: .*expected string/],
    ['nothing', undefined, /expected object/],
    ['a member that is not declared', { items: [], more: 1 }, /^returns has no member more$/],
    [
      'such a member further down',
      { items: [{ version: '1', date: 'May' }] },
      /^returns has no member items\.0\.date$/,
    ],
  ])('differ by %s', async (_, result, problem) => {
    expect(await problemOfResult(result, Versions)).toMatch(problem);
  });

  it('agree about members that a loose object allows', async () => {
    expect(await problemOfResult({ any: { more: 1 } }, z.looseObject({}))).toBeUndefined();
    expect(await problemOfResult({ any: { more: 1 } }, z.record(z.string(), z.json()))).toBeUndefined();
  });
});
