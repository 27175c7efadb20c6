import { ConfigError } from '../config/config-error.js';
import { StartError } from '../config/start-error.js';
import { explain } from './explain.js';

const systemError = (code: string, syscall: string) =>
  Object.assign(new Error(`${syscall} ${code}: 127.0.0.1:80`), {
    code,
    syscall,
    address: '127.0.0.1',
    port: 80,
  });

describe('the explanation of an error at the start', () => {
  it.each([
    ['EACCES', 'This user may not listen on the port (127.0.0.1, port 80): ports below 1024 are for root. '],
    ['EADDRINUSE', 'The address to listen on is in use (127.0.0.1, port 80): is another Ferrule running? '],
    ['EADDRNOTAVAIL', 'This machine does not have the address to listen on (127.0.0.1, port 80). '],
  ])('names what can be done about %s', (code, beginning) => {
    const text = explain(systemError(code, 'listen'));
    expect(text).toContain(beginning);
    expect(text.slice(beginning.length)).toMatch(/^Set FERRULE_(PORT|HOST) to .+\.$/);
  });

  it('does not take every EACCES for one of the port', () => {
    expect(explain(systemError('EACCES', 'open'))).toBe('open EACCES: 127.0.0.1:80');
  });

  it('has no stack if the message says what to do', () => {
    expect(explain(new StartError('Start it.'))).toBe('Start it.');
    expect(explain(new ConfigError(['one', 'two']))).toBe('The configuration is wrong:\n  - one\n  - two');
    expect(explain('a text')).toBe('a text');
  });

  it('has a stack otherwise', () => {
    expect(explain(new Error('a bug'))).toMatch(/^Error: a bug\n +at /);
  });
});
