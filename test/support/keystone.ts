import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './command.js';
import { freePort } from './free-port.js';
import { until } from './until.js';

export const KEYSTONE_PROGRAMS = ['keystone-manage', 'keystone-wsgi-public'];

const PASSWORD = 'keystone-admin-password';
const REGION = 'RegionOne';

interface Issued {
  readonly token: string;
  readonly userId: string;
}

/** A real Keystone with a database and keys of its own, whose user `admin` may do everything. */
export class TestKeystone {
  private process: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    private readonly port: number,
  ) {}

  static async start(): Promise<TestKeystone> {
    const folder = await mkdtemp(join(tmpdir(), 'ferrule-keystone-'));
    await cp(await prepared(), folder, { recursive: true });
    await writeFile(join(folder, 'keystone.conf'), configuration(folder));
    const keystone = new TestKeystone(folder, await freePort());
    await keystone.begin();
    return keystone;
  }

  /** With `/v3`. */
  get url(): string {
    return `http://127.0.0.1:${this.port}/v3`;
  }

  /** For clients of OpenStack, without a scope. */
  get clientEnvironment(): Readonly<Record<string, string>> {
    return {
      OS_AUTH_TYPE: 'password',
      OS_AUTH_URL: this.url,
      OS_USERNAME: 'admin',
      OS_PASSWORD: PASSWORD,
      OS_USER_DOMAIN_NAME: 'Default',
      OS_IDENTITY_API_VERSION: '3',
    };
  }

  /** For a service that asks it about tokens. */
  get serviceSettings(): Readonly<Record<string, string>> {
    return {
      FERRULE_AUTH: 'keystone',
      FERRULE_KEYSTONE_URL: this.url,
      FERRULE_KEYSTONE_USERNAME: 'admin',
      FERRULE_KEYSTONE_PASSWORD: PASSWORD,
      FERRULE_KEYSTONE_PROJECT: 'admin',
    };
  }

  async begin(): Promise<void> {
    const args = ['--host', '127.0.0.1', '--port', String(this.port)];
    this.process = spawn('keystone-wsgi-public', args, { env: environment(this.folder), stdio: 'ignore' });
    await until(async () => (await fetch(this.url, { signal: AbortSignal.timeout(5_000) })).ok);
  }

  async login(scope: 'system' | 'admin'): Promise<Issued> {
    const user = { name: 'admin', domain: { name: 'Default' }, password: PASSWORD };
    const answer = await this.ask('POST', '/auth/tokens', undefined, {
      auth: {
        identity: { methods: ['password'], password: { user } },
        scope:
          scope === 'system'
            ? { system: { all: true } }
            : { project: { name: scope, domain: { name: 'Default' } } },
      },
    });
    const { token } = (await answer.json()) as { token: { user: { id: string } } };
    return { token: answer.headers.get('x-subject-token') ?? '', userId: token.user.id };
  }

  async revoke(token: string): Promise<void> {
    await this.ask('DELETE', '/auth/tokens', token, undefined, { 'X-Subject-Token': token });
  }

  /** Settings of a service with an application credential of the user. */
  async applicationCredential({ token, userId }: Issued): Promise<Readonly<Record<string, string>>> {
    const path = `/users/${userId}/application_credentials`;
    const answer = await this.ask('POST', path, token, { application_credential: { name: 'ferrule' } });
    const made = (await answer.json()) as { application_credential: { id: string; secret: string } };
    return {
      FERRULE_AUTH: 'keystone',
      FERRULE_KEYSTONE_URL: this.url,
      FERRULE_KEYSTONE_APPLICATION_CREDENTIAL_ID: made.application_credential.id,
      FERRULE_KEYSTONE_APPLICATION_CREDENTIAL_SECRET: made.application_credential.secret,
    };
  }

  freeze(): void {
    this.process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.process?.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    const { process } = this;
    this.process = undefined;
    if (process === undefined || process.exitCode !== null || process.signalCode !== null) return;
    process.kill('SIGKILL');
    await once(process, 'exit');
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async ask(
    method: string,
    path: string,
    token?: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        'Content-Type': 'application/json',
        ...(token === undefined ? {} : { 'X-Auth-Token': token }),
        ...headers,
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(60_000),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }
}

function configuration(folder: string): string {
  return `[DEFAULT]
use_stderr = false
log_file = ${folder}/keystone.log
[database]
connection = sqlite:///${folder}/keystone.db
[fernet_tokens]
key_repository = ${folder}/fernet
[fernet_receipts]
key_repository = ${folder}/fernet
[credential]
key_repository = ${folder}/credential
[oslo_policy]
policy_dirs = ${folder}/policy.d
[cache]
enabled = false
`;
}

function environment(folder: string): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], OS_KEYSTONE_CONFIG_FILES: join(folder, 'keystone.conf') };
}

/** Made once for each version of Keystone, since its migrations are slow. */
async function prepared(): Promise<string> {
  const { stdout } = await runCommand('keystone-manage', ['--version'], {});
  const digest = createHash('sha256').update(stdout).update(configuration('')).digest('hex').slice(0, 16);
  const path = join(tmpdir(), `ferrule-keystone-${process.getuid?.() ?? 0}-${digest}`);
  if (existsSync(path)) return path;
  const fresh = await mkdtemp(`${path}-`);
  await writeFile(join(fresh, 'keystone.conf'), configuration(fresh));
  for (const [name, keys] of [
    ['fernet', 2],
    ['credential', 2],
  ] as const) {
    await mkdir(join(fresh, name), { mode: 0o700 });
    for (let key = 0; key < keys; key++) {
      const text = randomBytes(32).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
      await writeFile(join(fresh, name, String(key)), text, { mode: 0o600 });
    }
  }
  await manage(fresh, 'db_sync');
  await manage(fresh, 'bootstrap', '--bootstrap-password', PASSWORD, '--bootstrap-region-id', REGION);
  // Another run may have been first.
  await rename(fresh, path).catch(() => rm(fresh, { recursive: true }));
  return path;
}

async function manage(folder: string, ...args: string[]): Promise<void> {
  const file = join(folder, 'keystone.conf');
  const { code, stderr } = await runCommand('keystone-manage', ['--config-file', file, ...args], {});
  const log = await readFile(join(folder, 'keystone.log'), 'utf8').catch(() => '');
  if (code !== 0) throw new Error(`keystone-manage ${args[0]}: ${stderr}\n${log.slice(-2_000)}`);
}
