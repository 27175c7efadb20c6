import { BadRequest, NotAcceptable } from '../../http/errors.js';
import { NodeNotFound } from '../errors.js';
import { assertNodeName, nodeIdent } from './node-name.js';

const UUID = '3f0c1b1e-7a52-4f0e-9d38-0a7c4d5e6f10';

describe('node identifiers', () => {
  it.each([UUID, UUID.toUpperCase(), `{${UUID}}`, UUID.replaceAll('-', '')])(
    '%s is a UUID at any version',
    (text) => {
      expect(nodeIdent(text, 1)).toEqual({ uuid: UUID });
    },
  );

  it('names are known from 1.5 on', () => {
    expect(nodeIdent('rack7-u12', 5)).toEqual({ name: 'rack7-u12' });
    expect(() => nodeIdent('rack7-u12', 4)).toThrow(NodeNotFound);
  });

  it.each([' ', '', 'a b', 'a/b', 'ž', 'a:b', 'x'.repeat(256)])('%j is neither a UUID nor a name', (text) => {
    expect(() => nodeIdent(text, 109)).toThrow(BadRequest);
  });
});

describe('node names', () => {
  it.each(['rack7-u12', 'A.b_c~d-e', '-', 'x'.repeat(255)])('%s is accepted', (name) => {
    expect(() => assertNodeName(name, 10)).not.toThrow();
  });

  it.each([
    '',
    'a b',
    'bad name!',
    'x'.repeat(256),
    UUID,
    UUID.replaceAll('-', ''),
    'detail',
    'ports',
    'vmedia',
  ])('%j is refused', (name) => {
    expect(() => assertNodeName(name, 109)).toThrow(BadRequest);
  });

  it.each(['rack7', 'rack7.', 'a-b.c_d.', '1'])('%s is a host name', (name) => {
    expect(() => assertNodeName(name, 9)).not.toThrow();
  });

  it.each(['a'.repeat(64), '.', 'a..', 'Rack', 'a_b', 'a~b', '-a', 'a-', 'a..b'])(
    '%s is not a host name, which is required below 1.10',
    (name) => {
      expect(() => assertNodeName(name, 9)).toThrow(BadRequest);
      expect(() => assertNodeName(name, 10)).not.toThrow();
    },
  );

  it.each(['', 'rack7'])('%j is too new below 1.5', (name) => {
    expect(() => assertNodeName(name, 4)).toThrow(NotAcceptable);
  });
});
