import { inexactIntegerProblem } from './exact-integers.js';

describe('inexactIntegerProblem', () => {
  it.each([
    ['{"extra": {"wwn": 12345678901234567890}}', ' at extra.wwn'],
    ['[0, -9007199254740993]', ' at 1'],
    ['9007199254740993', ''],
    ['{"12345678901234567890": [1, 2, 36028797018963969]}', ' at 12345678901234567890.2'],
    [`[${'9'.repeat(300)}]`, ' at 0'],
  ])('finds the first in %s', (json, place) => {
    expect(inexactIntegerProblem(json)).toBe(`has an integer that cannot be stored exactly${place}`);
  });

  it.each([
    '[9007199254740991, -9007199254740991, -0, 10000000000000000000]',
    '[1e300, 0.1, 0.12345678901234567890, 12345678901234567890.5, 1.5E-3]',
    String.raw`{"12345678901234567890": "12345678901234567890", "a\"": "\"12345678901234567890"}`,
  ])('accepts %s', (json) => expect(inexactIntegerProblem(json)).toBeUndefined());
});
