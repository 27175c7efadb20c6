import { randomBytes } from 'node:crypto';
import { hash as hashPassword } from '@node-rs/bcrypt';
import { withCaller, withoutCaller } from '../../auth/files/caller-entries.js';
import { htpasswdCaller } from '../../auth/caller.js';
import { type CallerEntry, digestOf, entriesIn } from '../../auth/files/callers-file.js';
import { Htpasswd } from '../../auth/files/htpasswd.js';
import { replaceFile } from '../../auth/files/replace-file.js';
import { assertUserName, withoutUser, withUser } from '../../auth/files/user-entries.js';
import { readConfig } from '../../config/load-config.js';
import { isKnownRole, ROLES } from '../../auth/policy/defaults/personas.js';
import { listed } from '../../text/listed.js';
import { StartError } from '../../config/start-error.js';
import { FileProblem, readText } from '../../config/watched-file.js';
import { type Output } from '../output.js';
import { table } from '../table.js';
import { type Input } from './input.js';

/** Each step doubles the time of a comparison, which takes about a tenth of a second with this one. */
const BCRYPT_COST = 10;
/** bcrypt ignores what follows. */
const LONGEST_PASSWORD = 72;
const TOKEN_BYTES = 32;

export interface AddOptions {
  readonly password?: boolean;
  readonly token?: boolean;
  readonly certificate?: string;
  readonly role?: readonly string[];
  readonly project?: string;
  readonly system?: boolean;
  readonly replace?: boolean;
}

const SUBJECT = /^[A-Za-z0-9.]+=/;

/** `ferrule auth`: writes the files of FERRULE_HTPASSWD and FERRULE_CALLERS. */
export class AuthCommand {
  private readonly htpasswd: string | undefined;
  private readonly callers: string | undefined;

  constructor(
    env: NodeJS.ProcessEnv,
    private readonly out: Output,
  ) {
    const { config } = readConfig(env);
    this.htpasswd = config.htpasswd;
    this.callers = config.callers;
  }

  add(name: string, options: AddOptions, input: Input): Promise<number> {
    const kinds = [options.password === true, options.token === true, options.certificate !== undefined];
    if (kinds.filter(Boolean).length !== 1) {
      throw new StartError(
        'Give one of --password, --token and --certificate: how the caller will be known.',
      );
    }
    return explained(() =>
      options.password === true ? this.addUser(name, options, input) : this.addCaller(name, options),
    );
  }

  list(options: { json?: boolean }): Promise<number> {
    return explained(async () => {
      this.assertFiles();
      const rows = [...this.users(), ...this.entries()];
      if (options.json === true) {
        this.out.print(JSON.stringify(rows, null, 2));
      } else {
        const cells = rows.map(({ name, known_by: knownBy, roles, scope }) => [
          name,
          knownBy,
          roles.join(', '),
          scope,
        ]);
        this.out.print(table([['NAME', 'KNOWN BY', 'ROLES', 'SCOPE'], ...cells]));
      }
      return 0;
    });
  }

  remove(name: string): Promise<number> {
    return explained(async () => {
      this.assertFiles();
      const files: string[] = [];
      if (this.htpasswd !== undefined && this.users().some((user) => user.name === name)) {
        await replaceFile(this.htpasswd, (text) => withoutUser(text ?? '', name));
        files.push(this.htpasswd);
      }
      if (this.callers !== undefined && this.entries().some((entry) => entry.name === name)) {
        await replaceFile(this.callers, (text) => withoutCaller(text ?? '', name));
        files.push(this.callers);
      }
      if (files.length === 0)
        throw new StartError(`There is no caller '${name}'; "ferrule auth list" names them all.`);
      for (const file of files) this.out.print(`Removed '${name}' from ${file}.`);
      return 0;
    });
  }

  private assertFiles(): void {
    if (this.htpasswd === undefined && this.callers === undefined) {
      throw new StartError('Set FERRULE_CALLERS or FERRULE_HTPASSWD to the file of the callers.');
    }
  }

  private async addUser(name: string, options: AddOptions, input: Input): Promise<number> {
    const path = this.htpasswd;
    if (path === undefined) throw new StartError('FERRULE_HTPASSWD must name the file of the users.');
    if (options.role ?? options.project ?? options.system) {
      throw new StartError(
        'A user with a password may do everything: leave --role, --project and --system out.',
      );
    }
    assertUserName(name);
    const hash = await hashPassword(await newPassword(input), BCRYPT_COST);
    await replaceFile(path, (text = '') => {
      refuseExisting(name, new Htpasswd(text).users, options);
      return withUser(text, name, hash);
    });
    this.out.print(`Wrote the user '${name}' to ${path}.`);
    return 0;
  }

  private async addCaller(name: string, options: AddOptions): Promise<number> {
    const path = this.callers;
    if (path === undefined) throw new StartError('FERRULE_CALLERS must name the file of the callers.');
    const { role: roles = [], project, system, certificate } = options;
    if (roles.length === 0) throw new StartError('Give at least one --role, for example --role reader.');
    if ((project === undefined) !== (system === true)) {
      throw new StartError(
        'Give either --system (the roles hold for all nodes) or --project with the id of a project.',
      );
    }
    if (certificate !== undefined && !SUBJECT.test(certificate)) {
      throw new StartError(
        `'${certificate}' is not the subject of a certificate, such as O=Example,CN=rack7; 'openssl x509 -in FILE -noout -subject -nameopt RFC2253,-dn_rev,-esc_msb' prints it.`,
      );
    }
    const token = certificate === undefined ? randomBytes(TOKEN_BYTES).toString('base64url') : undefined;
    const entry: CallerEntry = {
      name,
      ...(token === undefined ? { certificate } : { token: `sha256:${digestOf(token)}` }),
      roles: [...roles],
      ...(project === undefined ? { system: true } : { project }),
    };
    this.tellOfRoles(roles);
    await replaceFile(path, (text = '') => {
      refuseExisting(
        name,
        entriesIn(text).map((each) => each.name),
        options,
      );
      return withCaller(text, entry);
    });
    if (token === undefined) this.out.print(`Wrote the caller '${name}' to ${path}.`);
    else {
      this.out.complain(`Wrote the caller '${name}' to ${path}. This is the token, which is shown only now:`);
      this.out.print(token);
    }
    return 0;
  }

  /** A misspelt role would be found only when its caller is refused. */
  private tellOfRoles(roles: readonly string[]): void {
    const own = roles.filter((role) => !isKnownRole(role.toLowerCase()));
    if (own.length === 0) return;
    this.out.complain(
      `${listed(own)}: not a role of Ironic's policies (${ROLES.join(', ')}), so it counts only in rules of FERRULE_POLICY.`,
    );
  }

  private users() {
    if (this.htpasswd === undefined) return [];
    return new Htpasswd(readText(this.htpasswd)).users.map((name) => {
      const { knownBy, roles } = htpasswdCaller(name);
      return { name, known_by: knownBy, roles, scope: 'system' };
    });
  }

  private entries() {
    if (this.callers === undefined) return [];
    return entriesIn(readText(this.callers)).map(({ name, certificate, roles, project }) => ({
      name,
      known_by: certificate === undefined ? 'token' : `certificate ${certificate}`,
      roles,
      scope: project === undefined ? 'system' : `project ${project}`,
    }));
  }
}

async function newPassword(input: Input): Promise<string> {
  const password = input.isTerminal
    ? await input.ask('Password: ')
    : (await input.read()).replace(/\r?\n$/, '');
  if (password === '') throw new StartError('The password is empty.');
  if (Buffer.byteLength(password) > LONGEST_PASSWORD) {
    throw new StartError(`The password is longer than the ${LONGEST_PASSWORD} bytes that bcrypt compares.`);
  }
  if (input.isTerminal && (await input.ask('Again: ')) !== password) {
    throw new StartError('The two passwords differ.');
  }
  return password;
}

function refuseExisting(name: string, existing: readonly string[], { replace }: AddOptions): void {
  if (replace !== true && existing.includes(name)) {
    throw new StartError(`There is a caller '${name}' already; --replace writes it anew.`);
  }
}

async function explained(command: () => Promise<number>): Promise<number> {
  try {
    return await command();
  } catch (error) {
    if (error instanceof FileProblem) throw new StartError(`${sentence(error.problems.join('; '))}`);
    throw error;
  }
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}
