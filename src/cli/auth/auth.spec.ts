import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifySync } from '@node-rs/bcrypt';
import { callersIn, digestOf } from '../../auth/files/callers-file.js';
import { Htpasswd, usersIn } from '../../auth/files/htpasswd.js';
import { add } from './add.command.js';
import { type AddOptions } from './add-options.js';
import { type Input } from './input.js';
import { type ListOptions, listCallers } from './list.command.js';
import { removeCaller } from './remove.command.js';

describe('ferrule auth', () => {
  let folder: string;
  let printed: string[];
  let complaints: string[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ferrule-auth-'));
    printed = [];
    complaints = [];
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const htpasswd = () => join(folder, 'htpasswd');
  const callers = () => join(folder, 'callers.yaml');
  const command = (env = { FERRULE_HTPASSWD: htpasswd(), FERRULE_CALLERS: callers() }) => {
    const out = {
      print: (text: string) => printed.push(text),
      complain: (text: string) => complaints.push(text),
    };
    return {
      add: (name: string, options: AddOptions, input: Input) => add(env, name, options, input, out),
      list: (options: ListOptions) => listCallers(env, options, out),
      remove: (name: string) => removeCaller(env, name, out),
    };
  };
  const piped = (text: string): Input => ({ isTerminal: false, ask: async () => '', read: async () => text });
  const typed = (...lines: string[]): Input => ({
    isTerminal: true,
    ask: async () => lines.shift() ?? '',
    read: async () => '',
  });
  const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

  it('adds a user with a password from the standard input, and keeps the other lines', async () => {
    await command().add('admin', { password: true }, piped('se:cret\n'));
    expect(modeOf(htpasswd())).toBe('600');
    writeFileSync(htpasswd(), `# ours\n${readFileSync(htpasswd(), 'utf8').trim()}`);
    await command().add('žofie', { password: true }, typed('two words', 'two words'));
    const text = readFileSync(htpasswd(), 'utf8');
    expect(text).toMatch(/^# ours\nadmin:\$2y\$10\$.{53}\nžofie:\$2y\$10\$.{53}\n$/);
    expect(verifySync('se:cret', new Htpasswd(text).hashOf('admin') ?? '')).toBe(true);
    expect(verifySync('two words', new Htpasswd(text).hashOf('žofie') ?? '')).toBe(true);
    expect(readdirSync(folder)).toEqual(['htpasswd']);
  });

  it('writes a user anew only with --replace', async () => {
    await command().add('admin', { password: true }, piped('one'));
    await expect(command().add('admin', { password: true }, piped('two'))).rejects.toThrow('--replace');
    await command().add('admin', { password: true, replace: true }, piped('two'));
    const users = new Htpasswd(readFileSync(htpasswd(), 'utf8'));
    expect(users.users).toEqual(['admin']);
    expect(verifySync('two', users.hashOf('admin') ?? '')).toBe(true);
  });

  it.each([
    ['an empty password', 'u', {}, piped('\n'), 'empty'],
    ['a long password', 'u', {}, piped('x'.repeat(73)), '72 bytes'],
    ['two different passwords', 'u', {}, typed('a', 'b'), 'differ'],
    ['a name with a colon', 'a:b', {}, piped('x'), 'name of a user'],
    ['a name with a line end', 'a\nb', {}, piped('x'), 'name of a user'],
    ['a role', 'u', { role: ['reader'] }, piped('x'), 'may do everything'],
  ])('refuses %s, and writes nothing', async (_what, name, options, input, reason) => {
    const adding = Promise.resolve().then(() => command().add(name, { password: true, ...options }, input));
    await expect(adding).rejects.toThrow(reason);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('adds a caller with a new token, of which the file has the digest, and keeps comments', async () => {
    await command().add('script', { token: true, role: ['reader'], system: true }, piped(''));
    writeFileSync(callers(), `${readFileSync(callers(), 'utf8')}  # the end\n`);
    await command().add('rack', { certificate: 'CN=rack', role: ['member', 'x'], project: 'p' }, piped(''));
    const text = readFileSync(callers(), 'utf8');
    const [token = ''] = printed;
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(complaints.join()).not.toContain(token);
    expect(text).not.toContain(token);
    expect(text).toContain('# the end');
    const { byToken, byCertificate } = callersIn(text);
    expect(byToken.get(digestOf(token))).toMatchObject({
      name: 'script',
      roles: ['reader'],
      hasSystemScope: true,
    });
    expect(byCertificate.get('CN=rack')).toMatchObject({
      name: 'rack',
      roles: ['member', 'x'],
      projectId: 'p',
    });
    expect(modeOf(callers())).toBe('600');
  });

  it('fills a file that is there and empty', async () => {
    writeFileSync(callers(), '');
    await command().add('script', { token: true, role: ['reader'], system: true }, piped(''));
    expect(callersIn(readFileSync(callers(), 'utf8')).byToken.size).toBe(1);
  });

  it.each([
    ['no kind', { role: ['reader'], system: true }, '--password, --token and --certificate'],
    ['two kinds', { token: true, password: true }, '--password, --token and --certificate'],
    ['no role', { token: true, system: true }, '--role'],
    ['no scope', { token: true, role: ['reader'] }, '--system'],
    [
      'a file instead of a subject',
      { certificate: 'rack7.crt', role: ['reader'], system: true },
      'not the subject',
    ],
    ['a subject without a value', { certificate: 'CN=', role: ['reader'], system: true }, 'not the subject'],
    [
      'control characters',
      { certificate: 'CN=a\nb', role: ['reader'], system: true },
      'must have no control characters',
    ],
    ['two scopes', { token: true, role: ['reader'], system: true, project: 'p' }, '--system'],
  ])('refuses %s', async (_what, options, reason) => {
    const adding = Promise.resolve().then(() => command().add('a', options, piped('')));
    await expect(adding).rejects.toThrow(reason);
  });

  it('removes one of several callers of the same name by its id, and asks for it otherwise', async () => {
    await command().add('oper', { password: true }, piped('one'));
    await command().add('oper', { token: true, role: ['reader'], system: true }, piped(''));
    await expect(command().remove('oper')).rejects.toThrow(
      "There are several callers 'oper': http_basic:oper, token:oper. Give one of these.",
    );
    await command().remove('token:oper');
    expect(new Htpasswd(readFileSync(htpasswd(), 'utf8')).users).toEqual(['oper']);
    expect(readFileSync(callers(), 'utf8')).not.toContain('oper');
    await command().remove('oper');
    expect(new Htpasswd(readFileSync(htpasswd(), 'utf8')).users).toEqual([]);
  });

  it('lists callers for programs, with subject and project apart', async () => {
    writeFileSync(htpasswd(), '# no users');
    await command().add('rack', { certificate: 'O=X,CN=rack', role: ['member'], project: 'p' }, piped(''));
    printed.length = 0;
    await command().list({ json: true });
    expect(JSON.parse(printed.join('\n'))).toEqual([
      {
        name: 'rack',
        id: 'certificate:rack',
        known_by: 'certificate',
        subject: 'O=X,CN=rack',
        roles: ['member'],
        scope: 'project',
        project: 'p',
      },
    ]);
  });

  it('lists and removes callers of both files', async () => {
    await command().add('admin', { password: true }, piped('x'));
    await command().add('script', { token: true, role: ['reader'], system: true }, piped(''));
    printed = [];
    await command().list({});
    expect(printed.join('\n')).toBe(
      'NAME    ID                ROLES   SCOPE\nadmin   http_basic:admin  admin   system\nscript  token:script      reader  system',
    );
    await command().remove('admin');
    await command().remove('script');
    await expect(command().remove('script')).rejects.toThrow(
      'There is no caller \'script\'; "ferrule auth list" names them all.',
    );
    printed = [];
    await command().list({ json: true });
    expect(JSON.parse(printed.join())).toEqual([]);
    // The service takes both files as they are now.
    expect(usersIn(readFileSync(htpasswd(), 'utf8')).users).toEqual([]);
    expect(callersIn(readFileSync(callers(), 'utf8')).byToken.size).toBe(0);
  });

  it('does not touch a file that is wrong, or one that another command writes', async () => {
    writeFileSync(htpasswd(), 'admin:plain\n');
    await expect(command().add('u', { password: true }, piped('x'))).rejects.toThrow('line 1');
    expect(readFileSync(htpasswd(), 'utf8')).toBe('admin:plain\n');
    writeFileSync(`${callers()}.lock`, '');
    const adding = command().add('s', { token: true, role: ['reader'], system: true }, piped(''));
    await expect(adding).rejects.toThrow('another command writes the file');
    expect(readdirSync(folder)).toEqual(['callers.yaml.lock', 'htpasswd']);
  });

  it('writes through a symbolic link', async () => {
    writeFileSync(join(folder, 'real'), '');
    symlinkSync('real', htpasswd());
    await command().add('u', { password: true }, piped('x'));
    expect(new Htpasswd(readFileSync(join(folder, 'real'), 'utf8')).users).toEqual(['u']);
  });

  it('warns of a short password', async () => {
    await command().add('admin', { password: true }, piped('1234567'));
    expect(complaints).toEqual(['The password has fewer than 8 characters, and its user may do everything.']);
    await command().add('other', { password: true }, piped('12345678'));
    expect(complaints).toHaveLength(1);
  });

  it('tells of a role that only rules can know', async () => {
    await command().add('script', { token: true, role: ['raeder', 'Member'], system: true }, piped(''));
    expect(complaints[0]).toBe(
      "raeder: not a role of Ironic's policies (reader, member, manager, admin, service), so it counts only in rules of FERRULE_POLICY.",
    );
  });

  it('says which setting is missing', async () => {
    const none = { FERRULE_HTPASSWD: '', FERRULE_CALLERS: '' };
    for (const act of [() => command(none).list({}), () => command(none).remove('a')]) {
      await expect(act()).rejects.toThrow(
        'Set FERRULE_CALLERS or FERRULE_HTPASSWD to the file of the callers.',
      );
    }
    const adding = Promise.resolve().then(() =>
      command({ FERRULE_HTPASSWD: '', FERRULE_CALLERS: '' }).add('u', { password: true }, piped('x')),
    );
    await expect(adding).rejects.toThrow('FERRULE_HTPASSWD must name');
  });
});
