import { FileProblem } from '../../files/watched-file.js';
import { callersIn } from './callers-file.js';

const digest = (letter: string) => letter.repeat(64);

function problemsOf(text: string): readonly string[] {
  try {
    callersIn(text);
  } catch (error) {
    if (error instanceof FileProblem) return error.problems;
  }
  return [];
}

describe('a file of callers', () => {
  it('has callers by the digests of their tokens and by the subjects of their certificates', () => {
    const { byToken, byCertificate } = callersIn(`
callers:
  - name: backup
    token: sha256:${digest('a')}
    roles: [Reader, reader]
    system: true
  - name: rack
    certificate: CN=rack,O=Example
    roles: [member]
    project: p1
`);
    expect([...byToken]).toEqual([
      [
        digest('a'),
        {
          id: 'token:backup',
          name: 'backup',
          projectId: null,
          roles: ['reader'],
          hasSystemScope: true,
          knownBy: 'token',
        },
      ],
    ]);
    expect([...byCertificate]).toEqual([
      [
        'CN=rack,O=Example',
        {
          id: 'certificate:rack',
          name: 'rack',
          projectId: 'p1',
          roles: ['member'],
          hasSystemScope: false,
          knownBy: 'certificate',
        },
      ],
    ]);
  });

  it('is refused for a value that its aliases would make large', () => {
    const levels = Array.from(
      { length: 9 },
      (_, level) => `${level + 1}: &a${level + 1} [${`*a${level}, `.repeat(9)}]`,
    );
    const text = `callers: []\n0: &a0 [x]\n${levels.join('\n')}\n`;
    expect(problemsOf(text)).toEqual([expect.stringContaining('aliases')]);
  });

  it('may have none, if it says so', () => {
    expect(callersIn('callers: []\n').byToken.size).toBe(0);
  });

  it.each(['', 'callers:\n', '# nothing\n'])('is refused without a list: %j', (text) => {
    expect(problemsOf(text)).toEqual(["it has no callers; if nobody shall be in it, write 'callers: []'"]);
  });

  it('is refused with all that is wrong, without repeating a token', () => {
    const problems = problemsOf(`
callers:
  - name: a
    token: hunter2
    roles: [reader]
    system: true
  - name: b
    token: sha256:${digest('b')}
    certificate: CN=b
    roles: []
    system: true
  - name: c
    token: sha256:${digest('c')}
    roles: [reader]
  - token: sha256:${digest('d')}
    roles: [reader]
    project: p
    colour: red
`);
    expect(problems).toEqual([
      expect.stringMatching(/^line 4: token must be 'sha256:'/),
      'line 7: a caller must have either a token or a certificate',
      'line 10: roles must name a role',
      "line 12: a caller must have either a project or 'system: true'",
      'line 15: name is missing',
      'line 18: colour is not known here',
    ]);
    expect(problems.join()).not.toContain('hunter2');
  });

  it.each([
    [
      'both a token and a certificate',
      'certificate: CN=a\n    system: true',
      /either a token or a certificate/,
    ],
    ['no scope', '', /either a project or 'system: true'/],
    ['two scopes', 'project: p\n    system: true', /either a project or 'system: true'/],
  ])('must not have a caller with %s', (_what, rest, problem) => {
    const text = `callers:\n  - name: a\n    token: sha256:${digest('a')}\n    roles: [reader]\n    ${rest}\n`;
    expect(problemsOf(text)).toEqual([expect.stringMatching(problem)]);
  });

  it('must not have two callers with one name or one token', () => {
    const entry = `  - {name: a, token: 'sha256:${digest('a')}', roles: [reader], system: true}\n`;
    expect(problemsOf(`callers:\n${entry}${entry}`)).toEqual([
      'line 3: it has the same name as the caller in line 2',
      'line 3: it has the same token as the caller in line 2',
    ]);
  });

  it('says in which line it is not YAML', () => {
    expect(problemsOf('callers:\n  - {name: a\n')).toEqual([
      expect.stringMatching(/^line [23]: it is not YAML \(\w+\)$/),
    ]);
  });
});
