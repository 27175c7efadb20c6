import { ANYONE } from '../auth/caller.js';
import { newRecord } from './audit-record.js';

describe('a record', () => {
  it('has no text that PostgreSQL would refuse or change, and its columns are as its members', () => {
    const name = 'a\0b\ud800c\\u0000';
    const given = { ['k\0']: ['\udc00', '\\\0', '\\u0000', '😀'] };
    const { text, caller } = newRecord(
      'call',
      { caller: { ...ANYONE, name }, action: 'test:note' },
      { arguments: { value: given, masked: () => given } },
    );
    const read = JSON.parse(text) as { caller: unknown; arguments: unknown };
    expect(caller).toBe('a\ufffdb\ufffdc\\u0000');
    expect(read.caller).toBe(caller);
    expect(read.arguments).toEqual({ 'k\ufffd': ['\ufffd', '\\\ufffd', '\\u0000', '😀'] });
    expect(JSON.stringify(read)).not.toMatch(/(?<!\\)(\\\\)*\\u(0000|d[89a-f])/);
  });
});
