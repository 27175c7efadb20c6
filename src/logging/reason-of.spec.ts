import { reasonOf } from './reason-of.js';

describe('reasonOf', () => {
  const refused = (address: string) => new Error(`connect ECONNREFUSED ${address}`);

  it.each([
    ['a thrown text', 'away', 'away'],
    ['an error', new TypeError('no such thing'), 'no such thing'],
    [
      'the cause of an error',
      new Error('Please retry.', { cause: refused('::1') }),
      'connect ECONNREFUSED ::1',
    ],
    [
      'several errors',
      new Error('Please retry.', { cause: new AggregateError([refused('::1'), refused('127.0.0.1')]) }),
      'connect ECONNREFUSED ::1; connect ECONNREFUSED 127.0.0.1',
    ],
  ])('is the message of %s', (_what, error, reason) => expect(reasonOf(error)).toBe(reason));
});
