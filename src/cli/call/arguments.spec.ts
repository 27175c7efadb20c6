import { WrongUsage } from '../client/exit-code.js';
import { argumentsOf, type ArgumentOptions } from './arguments.js';

const FILES: Readonly<Record<string, string>> = {
  password: '0123\n',
  two: 'a\nb\n\n',
  object: '{"a": {"b": [1]}}',
  list: '[1]',
};
const read = (source: string): Promise<string> => Promise.resolve(FILES[source] ?? `from ${source}`);

describe('the arguments of a call', () => {
  it.each<[string, ArgumentOptions, Record<string, unknown>]>([
    ['none', {}, {}],
    [
      'JSON',
      { arg: ['a=1', 'b=true', 'c={"d":[null]}', 'e="1"', 'f=null'] },
      { a: 1, b: true, c: { d: [null] }, e: '1', f: null },
    ],
    [
      'text',
      { arg: ['a=x', 'b=', 'c=007', 'd=a=b', 'e={', 'f=two\nlines'] },
      { a: 'x', b: '', c: '007', d: 'a=b', e: '{', f: 'two\nlines' },
    ],
    [
      'numbers that would be changed',
      { arg: ['a=12345678901234567890', 'b=1e999', 'c=1.5'] },
      { a: '12345678901234567890', b: '1e999', c: 1.5 },
    ],
    [
      'files, which are text',
      { arg: ['a=@password', 'b=@two', 'c=@-'] },
      { a: '0123', b: 'a\nb\n', c: 'from -' },
    ],
    ['a text that begins as a file does', { arg: ['a="@x"'] }, { a: '@x' }],
    ['an object', { args: '{"a": 1}', arg: ['b=2'] }, { a: 1, b: 2 }],
    ['an object in a file', { args: '@object' }, { a: { b: [1] } }],
  ])('%s', async (_, options, expected) => {
    expect(await argumentsOf(options, read)).toEqual(expected);
  });

  it('keeps a name that JavaScript has a meaning for, so that the service refuses it', async () => {
    expect(JSON.stringify(await argumentsOf({ arg: ['__proto__=1'] }, read))).toBe('{"__proto__":1}');
  });

  it.each<[string, ArgumentOptions, RegExp]>([
    ['no value', { arg: ['secret'] }, /takes NAME=VALUE/],
    ['no name', { arg: ['=1'] }, /takes NAME=VALUE/],
    ['twice', { arg: ['a=1', 'a=2'] }, /'a' is given twice/],
    ['in both', { args: '{"a":1}', arg: ['a=2'] }, /'a' is given twice/],
    ['the standard input twice', { args: '-', arg: ['a=@-'] }, /one argument only/],
    ['no object', { args: '[1]' }, /--args takes a JSON object.*this is none/],
    ['no object in a file', { args: '@list' }, /what is in @list is none/],
    ['no JSON', { args: '{a}' }, /--args takes a JSON object/],
  ])('refuses %s', async (_, options, message) => {
    const refused = argumentsOf(options, read);
    await expect(refused).rejects.toThrow(WrongUsage);
    await expect(refused).rejects.toThrow(message);
  });

  it('shows no value in a message', async () => {
    await expect(argumentsOf({ arg: ['hunter2'] }, read)).rejects.not.toThrow(/hunter2/);
    await expect(argumentsOf({ args: '{"password":"hunter2"' }, read)).rejects.not.toThrow(/hunter2/);
  });

  it('names a file that is not there', async () => {
    await expect(argumentsOf({ arg: ['a=@/nonexistent/file'] })).rejects.toThrow(
      'The file /nonexistent/file cannot be read: ENOENT.',
    );
  });
});
