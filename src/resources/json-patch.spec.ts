import { BadRequest, NotAcceptable } from '../http/errors.js';
import { PatchError } from './errors.js';
import { changeBelow, readPatch } from './json-patch.js';

const text = { write: 'CP', type: 'text', empty: null } as const;
const FIELDS = {
  uuid: { since: 1, write: 'C', type: 'uuid' },
  name: { ...text, since: 5 },
  extra: { since: 1, write: 'CP', type: 'object', empty: {} },
  instance_uuid: { since: 1, write: 'CP', type: 'uuid', empty: null },
  owner: { ...text, since: 50 },
  created_at: { since: 1, write: '' },
} as const;

const read = (operations: unknown, microversion = 109): unknown =>
  readPatch(FIELDS, operations, microversion);
const apply = (document: unknown, ...operations: object[]): unknown => {
  for (const operation of readPatch(FIELDS, operations, 109)) changeBelow(document, operation);
  return document;
};

describe('reading a patch', () => {
  it('accepts add, replace and remove', () => {
    expect(
      read([
        { op: 'add', path: '/extra/a-b/c_1', value: null },
        { op: 'replace', path: '/name', value: 'n' },
        { op: 'remove', path: '/instance_uuid' },
      ]),
    ).toEqual([
      { op: 'add', field: 'extra', rest: ['a-b', 'c_1'], path: '/extra/a-b/c_1', value: null },
      { op: 'replace', field: 'name', rest: [], path: '/name', value: 'n' },
      { op: 'remove', field: 'instance_uuid', rest: [], path: '/instance_uuid' },
    ]);
    expect(read([])).toEqual([]);
  });

  it.each<unknown[]>([
    [{}],
    [null],
    ['x'],
    [undefined],
    [[[]]],
    [[null]],
    [[{ op: 'test', path: '/extra/a', value: 1 }]],
    [[{ op: 'move', path: '/extra/a', from: '/extra/b' }]],
    [[{ op: 'add', path: '/extra/a' }]],
    [[{ op: 'add', path: '/extra/a', value: 1, more: 2 }]],
    [[{ op: 1, path: '/extra/a', value: 1 }]],
    [[{ path: '/extra/a', value: 1 }]],
    [[{ op: 'add', value: 1 }]],
    ...['extra', '', '/', '/extra/', '/extra/a.b', '/extra/a~1b', '/extra/a b', '/extra/%20', '//extra'].map(
      (path) => [[{ op: 'add', path, value: 1 }]],
    ),
    ...['uuid', 'created_at', 'nosuch', 'constructor'].map((field) => [
      [{ op: 'replace', path: `/${field}`, value: 'x' }],
    ]),
  ])('refuses %j', (body: unknown) => {
    expect(() => read(body)).toThrow(BadRequest);
  });

  it('refuses fields newer than the version', () => {
    const patch = [{ op: 'add', path: '/owner', value: 'me' }];
    expect(() => read(patch, 49)).toThrow(NotAcceptable);
    expect(() => read(patch, 50)).not.toThrow();
  });
});

describe('applying a patch', () => {
  it('changes the document in place but not the patch', () => {
    const document = { a: { b: 1 }, list: [1, 2] };
    const result = apply(
      document,
      { op: 'add', path: '/extra/a/c', value: 2 },
      { op: 'replace', path: '/extra/a/b', value: 3 },
      { op: 'add', path: '/extra/list/-', value: 3 },
      { op: 'add', path: '/extra/list/0', value: 0 },
      { op: 'remove', path: '/extra/list/1' },
      { op: 'replace', path: '/extra/list/0', value: 9 },
    );
    expect(result).toEqual({ a: { b: 3, c: 2 }, list: [9, 2, 3] });
    const value: unknown[] = [];
    apply({}, { op: 'add', path: '/extra/a', value }, { op: 'add', path: '/extra/a/-', value: 1 });
    expect(value).toEqual([]);
  });

  it.each([
    { op: 'remove', path: '/extra/none' },
    { op: 'replace', path: '/extra/none', value: 1 },
    { op: 'add', path: '/extra/none/below', value: 1 },
    { op: 'add', path: '/extra/text/below', value: 1 },
    { op: 'add', path: '/extra/list/3', value: 1 },
    { op: 'add', path: '/extra/list/01', value: 1 },
    { op: 'add', path: '/extra/list/x', value: 1 },
    { op: 'remove', path: '/extra/list/2' },
    { op: 'remove', path: '/extra/list/-' },
    { op: 'remove', path: '/extra/toString' },
    { op: 'add', path: '/extra/__proto__/polluted', value: 1 },
    { op: 'add', path: '/extra/constructor/prototype', value: 1 },
  ])('refuses %j, where nothing is', (operation) => {
    expect(() => apply({ text: 'x', list: [1, 2] }, operation)).toThrow(PatchError);
    expect({}).not.toHaveProperty('polluted');
  });

  it('treats __proto__ as an ordinary name', () => {
    const result = apply({}, { op: 'add', path: '/extra/__proto__', value: { a: 1 } });
    expect(JSON.stringify(result)).toBe('{"__proto__":{"a":1}}');
  });
});
