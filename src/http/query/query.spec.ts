import { BadRequest, NotAcceptable, UnexpectedArguments } from '../errors.js';
import { type ParameterTable, Query } from './query.js';

const TABLE: ParameterTable = { limit: 1, driver: 16, detail: { since: 43, before: 'unexpected' } };

describe('query parameters', () => {
  it('names unexpected parameters in order', () => {
    const query = new Query('zeta=1&limit=2&alpha=');
    expect(() => query.check(TABLE, 109)).toThrow(new UnexpectedArguments(['alpha', 'zeta']));
    expect(() => query.check(TABLE, 109)).toThrow('Unexpected arguments: alpha, zeta');
  });

  it.each(['a[]=1', 'limit[x]=1', '__proto__=1', 'constructor=1', 'toString=1'])(
    '%s is unexpected',
    (search) => {
      expect(() => new Query(search).check(TABLE, 109)).toThrow(UnexpectedArguments);
    },
  );

  it('refuses parameters newer than the microversion', () => {
    expect(() => new Query('driver=x').check(TABLE, 15)).toThrow(NotAcceptable);
    expect(() => new Query('driver=x').check(TABLE, 16)).not.toThrow();
    expect(() => new Query('detail=1').check(TABLE, 42)).toThrow(UnexpectedArguments);
    expect(() => new Query('detail=1').check(TABLE, 43)).not.toThrow();
  });

  it('refuses a scalar that is given twice', () => {
    expect(() => new Query('limit=1&limit=1').text('limit')).toThrow(BadRequest);
  });

  it('decodes once and reads a plus as a space', () => {
    expect(new Query('a=x%2525+y').text('a')).toBe('x%25 y');
    expect(() => new Query('a=%00')).toThrow('NUL');
  });

  it.each([
    ['1', true],
    ['TRUE', true],
    ['On', true],
    ['y', true],
    ['0', false],
    ['False', false],
    ['no', false],
  ])('boolean %s is %s', (text, value) => {
    expect(new Query(`b=${text}`).boolean('b')).toBe(value);
  });

  it.each(['', '2', 'maybe', 'nil'])('boolean %j is refused', (text) => {
    expect(() => new Query(`b=${text}`).boolean('b')).toThrow(BadRequest);
  });

  it.each(['', 'x', '1.5', '1e3', '0x10'])('integer %j is refused', (text) => {
    expect(() => new Query(`n=${text}`).integer('n')).toThrow('Expected an integer for n');
  });

  it('reads integers with a sign', () => {
    expect(new Query('n=-3').integer('n')).toBe(-3);
    expect(new Query('n=%2B3').integer('n')).toBe(3);
  });

  it('merges and normalises lists', () => {
    expect(new Query('f=Name,%20uuid,,name&f=DRIVER').list('f')).toEqual(['name', 'uuid', 'driver']);
    expect(new Query('f=').list('f')).toEqual([]);
    expect(new Query('').list('f')).toBeUndefined();
  });

  it('normalises UUIDs', () => {
    expect(new Query('u=3F0C1B1E7A524F0E9D380A7C4D5E6F10').uuid('u')).toBe(
      '3f0c1b1e-7a52-4f0e-9d38-0a7c4d5e6f10',
    );
    expect(() => new Query('u=x').uuid('u')).toThrow('Expected a UUID for u: x');
  });
});
