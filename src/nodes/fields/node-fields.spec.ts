import { fieldsAt, isColumn, isNodeField, NODE_FIELD_NAMES, nodeField } from './node-fields.js';
import { readDetailRequest, readListRequest } from '../list/node-list.request.js';
import { readQuery } from '../../http/query/query.js';

describe('node fields', () => {
  it.each([
    [1, 22],
    [31, 41],
    [50, 54],
    [78, 62],
    [82, 63],
    [109, 69],
  ])('1.%d knows %d', (microversion, count) => {
    expect(fieldsAt(microversion)).toHaveLength(count);
  });

  it('have a type if writable, and no empty value if mandatory', () => {
    const written = NODE_FIELD_NAMES.filter((name) => nodeField(name).write !== '');
    for (const name of written) expect([name, nodeField(name).type]).toEqual([name, expect.any(String)]);
    const needed = written.filter(
      (name) => nodeField(name).type !== 'interface' && nodeField(name).empty === undefined,
    );
    expect(needed).toEqual(['driver']);
  });

  it('do not include names of Object.prototype', () => {
    expect(isNodeField('uuid')).toBe(true);
    for (const name of ['id', 'constructor', '__proto__', 'last_error_by_passthru'])
      expect(isNodeField(name)).toBe(false);
    expect(NODE_FIELD_NAMES.filter((name) => !isColumn(name)).sort()).toEqual(
      ['conductor', 'links', 'portgroups', 'ports', 'reservation', 'states', 'volume'].sort(),
    );
  });
});

describe('the parameters of a list', () => {
  const read = (search: string, microversion = 109) =>
    readListRequest({ query: readQuery(search), microversion });

  it('have defaults', () => {
    expect(read('')).toMatchObject({
      limit: Infinity,
      sort: { key: 'id', direction: 'asc' },
      marker: undefined,
    });
    expect(read('', 4).fields).not.toContain('name');
    expect(readDetailRequest({ query: readQuery(''), microversion: 109 }).fields).toHaveLength(69);
    expect(read('detail=false').fields).toEqual(read('').fields);
  });

  it('have a positive limit', () => {
    expect(read('limit=999').limit).toBe(999);
    expect(() => read('limit=0')).toThrow('Limit must be positive');
  });
});
