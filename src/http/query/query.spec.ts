import { z } from 'zod';
import { BadRequest, NotAcceptable, UnexpectedArguments } from '../errors.js';
import { commaList, flag, oneOf, pageLimit, parameter, text, uuid } from './parameter.js';
import { readQuery } from './query.js';
import { QueryPipe } from './query.pipe.js';

const PIPE = new QueryPipe(
  z.object({
    limit: parameter(pageLimit().optional(), { since: 1 }),
    driver: parameter(text().optional(), { since: 16 }),
    retired: parameter(flag().default(false), { since: 1 }),
    detail: parameter(flag().optional(), { since: { since: 43, before: 'unexpected' } }),
    marker: parameter(uuid().optional(), { since: 1 }),
    fields: parameter(commaList().optional(), { since: 1 }),
    type: parameter(oneOf(['classic', 'dynamic']).optional(), { since: 1 }),
  }),
);
const read = (search: string, microversion = 109) =>
  PIPE.transform({ query: readQuery(search), microversion });

describe('query parameters', () => {
  it('names unexpected parameters in order', () => {
    expect(() => read('zeta=1&limit=2&alpha=')).toThrow(UnexpectedArguments);
    expect(() => read('zeta=1&limit=2&alpha=')).toThrow(
      'Unexpected arguments: alpha, zeta; it takes: limit, driver, retired, detail, marker, fields, type',
    );
    expect(() => read('zeta=1', 42)).toThrow('it takes: limit, driver, retired, marker, fields, type');
  });

  it('says nothing of others where none is taken', () => {
    const none = new QueryPipe(z.object({}));
    expect(() => none.transform({ query: readQuery('zeta=1'), microversion: 109 })).toThrow(
      /^Unexpected arguments: zeta$/,
    );
  });

  it.each(['a[]=1', 'limit[x]=1', '__proto__=1', 'constructor=1', 'toString=1'])(
    '%s is unexpected',
    (search) => {
      expect(() => read(search)).toThrow(UnexpectedArguments);
    },
  );

  it('refuses parameters newer than the microversion', () => {
    expect(() => read('driver=x', 15)).toThrow(NotAcceptable);
    expect(() => read('driver=x', 16)).not.toThrow();
    expect(() => read('detail=1', 42)).toThrow(UnexpectedArguments);
    expect(() => read('detail=1', 43)).not.toThrow();
  });

  it.each(['limit=1&limit=1', 'driver=a&driver=b', 'detail=1&detail=0', 'type=classic&type=classic'])(
    'refuses %s, since it is given twice',
    (search) => {
      expect(() => read(search)).toThrow(BadRequest);
      expect(() => read(search)).toThrow(/^Invalid \w+: it is given more than once\.$/);
    },
  );

  it('decodes once and reads a plus as a space', () => {
    expect(read('driver=x%2525+y').driver).toBe('x%25 y');
    expect(() => read('driver=%00')).toThrow('Invalid driver: it has a NUL character.');
    expect(() => read('%00=1')).toThrow('NUL');
  });

  it.each([
    ['1', true],
    ['TRUE', true],
    ['On', true],
    ['y', true],
    ['0', false],
    ['False', false],
    ['no', false],
  ])('boolean %s is %s', (written, value) => {
    expect(read(`retired=${written}`).retired).toBe(value);
  });

  it.each(['', '2', 'maybe', 'nil', '{name}'])('boolean %j is refused', (written) => {
    expect(() => read(`retired=${written}`)).toThrow(
      `Invalid retired: '${written}' is not a boolean; expected one of 0, 1, f, false, n, no, off, on, t, true, y, yes.`,
    );
  });

  it.each(['', 'x', '1.5', '1e3', '0x10'])('limit %j is refused', (written) => {
    expect(() => read(`limit=${written}`)).toThrow(`Expected an integer for limit: ${written}`);
  });

  it('reads a limit of any size, as Ironic does', () => {
    expect(read(`limit=${'9'.repeat(400)}`).limit).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('reads limits with a sign, which must be positive', () => {
    expect(read('limit=%2B3').limit).toBe(3);
    for (const written of ['-3', '0']) {
      expect(() => read(`limit=${written}`)).toThrow(new BadRequest('Limit must be positive'));
    }
  });

  it('merges and normalises lists', () => {
    expect(read('fields=Name,%20uuid,,name&fields=DRIVER').fields).toEqual(['name', 'uuid', 'driver']);
    expect(read('fields=').fields).toEqual([]);
    expect(read('').fields).toBeUndefined();
  });

  it('normalises UUIDs', () => {
    expect(read('marker=3F0C1B1E7A524F0E9D380A7C4D5E6F10').marker).toBe(
      '3f0c1b1e-7a52-4f0e-9d38-0a7c4d5e6f10',
    );
    expect(() => read('marker=x')).toThrow('Expected a UUID for marker: x');
  });

  it('takes only the values of a choice', () => {
    expect(read('type=classic').type).toBe('classic');
    expect(() => read('type=odd')).toThrow("Invalid type 'odd'; one of: classic, dynamic.");
  });
});
