import { FileProblem } from '../../files/watched-file.js';
import { Htpasswd, usersIn } from './htpasswd.js';

const hash = (letter: string, cost = '05') => `$2y$${cost}$${letter.repeat(53)}`;

function problemsOf(text: string): string {
  try {
    new Htpasswd(text);
  } catch (error) {
    if (error instanceof FileProblem) return error.message;
  }
  return '';
}

describe('an htpasswd file', () => {
  it('has the users of its lines, of which the first with a name counts', () => {
    const file = new Htpasswd(`# users\nadmin:${hash('a')}\r\n\nžofie:${hash('b')}  \nadmin:${hash('c')}\n`);
    expect(file.users).toEqual(['admin', 'žofie']);
    expect(file.hashOf('admin')).toBe(hash('a'));
    expect(file.hashOf('žofie')).toBe(hash('b'));
    expect(file.hashOf('nobody')).toBeUndefined();
  });

  it.each(['$2a$', '$2b$', '$2y$'])('may have hashes that begin with %s', (prefix) => {
    expect(new Htpasswd(`u:${prefix}12$${'x'.repeat(53)}`).users).toEqual(['u']);
  });

  it.each([
    ['MD5', 'u:$apr1$salt$abcdefghijklmnop'],
    ['SHA-1', 'u:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g='],
    ['a password', 'u:hunter2'],
    ['no colon', 'user'],
    ['no name', `:${hash('a')}`],
    ['a short hash', 'u:$2y$05$abc'],
    ['an impossible cost', `u:${hash('a', '03')}`],
  ])('must not have %s', (_what, line) => {
    const problems = problemsOf(`ok:${hash('a')}\n${line}\n`);
    expect(problems).toMatch(/bcrypt.*wrong: line 2$/);
    expect(problems).not.toContain('hunter2');
  });

  it.each(['', '\n'])('must not be empty: %j', (text) => {
    expect(() => usersIn(text)).toThrow(
      "it is empty; if nobody shall be in it, write a comment such as '# no users'",
    );
    expect(usersIn('# no users\n').users).toEqual([]);
  });

  it('has a decoy for each other name, which costs as much as one of its hashes', () => {
    const file = new Htpasswd(`a:${hash('a', '06')}\nb:${hash('b', '06')}`);
    expect(file.decoyOf('x')).toMatch(/^\$2b\$06\$[./A-Za-z0-9]{53}$/);
    expect(file.decoyOf('x')).toBe(file.decoyOf('x'));
    expect(file.decoyOf('x')).not.toBe(file.decoyOf('y'));
    expect(new Htpasswd('').decoyOf('x')).toMatch(/^\$2b\$10\$/);
  });
});
