import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { call, createNode, ended, jobOf } from '../../support/passthru.js';
import { dataDirectory } from '../../support/service.js';
import { type Known } from './requests.js';

const ROLES = { admin: ['admin', true], reader: ['reader', true], tenant: ['member', false] } as const;

/** A service with authentication, with nodes and jobs, and with secrets that no answer may have. */
export interface FuzzService {
  readonly port: number;
  readonly known: Known;
  readonly log: string;
  readonly hasEnded: boolean;
  /** The names of the planted secrets that a text has, in any usual form. */
  secretsIn(text: string): readonly string[];
  /** Milliseconds that its event loop was blocked at most since the last time. */
  longestStall(): Promise<number>;
  dispose(): Promise<void>;
}

export async function fuzzService(): Promise<FuzzService> {
  const directory = await dataDirectory();
  try {
    const planted = new Map<string, string>();
    const plant = (name: string): string => {
      const secret = randomBytes(18).toString('base64url');
      planted.set(name, secret);
      return secret;
    };
    const callers = Object.entries(ROLES).map(([name, [role, isSystem]]) => {
      const token = plant(`token of ${name}`);
      const scope = isSystem ? 'system: true' : 'project: tenant';
      const digest = createHash('sha256').update(token).digest('hex');
      return { token, line: `  - { name: ${name}, token: 'sha256:${digest}', roles: [${role}], ${scope} }` };
    });
    const file = join(directory.path, 'callers.yaml');
    writeFileSync(file, `callers:\n${callers.map(({ line }) => line).join('\n')}\n`, { mode: 0o600 });
    const service = await directory.start({
      FERRULE_AUTH: 'token',
      FERRULE_CALLERS: file,
      FERRULE_SECRETS_KEY: plantKey(planted),
      FERRULE_LOCK_TRIES: '1',
      FERRULE_LOG_LEVEL: 'info',
    });
    const http = service.http.with({ authorization: `Bearer ${callers[0]?.token}` });
    const nodes = [];
    const jobs = [];
    for (const [index, owner] of [null, 'tenant', 'tenant', null].entries()) {
      const node = await createNode(http, {
        name: `node-${index}`,
        owner,
        driver_info: { fake_password: plant(`password of node ${index}`), note: 'x' },
        instance_info: { token: plant(`token in instance_info of node ${index}`) },
      });
      nodes.push(node, `node-${index}`);
      const job = jobOf(await call(http, node, 'report_progress', { steps: 1 }));
      jobs.push((await ended(http, job)).id);
    }
    const forms = [...planted].flatMap(([name, secret]) =>
      [secret, Buffer.from(secret).toString('base64').replace(/=+$/, '')].map(
        (form) => [name, form] as const,
      ),
    );
    return {
      port: Number(new URL(http.base).port),
      known: { nodes, jobs, credentials: callers.map(({ token }) => `Bearer ${token}`) },
      get log() {
        return service.log;
      },
      get hasEnded() {
        return service.hasEnded;
      },
      secretsIn: (text) => forms.filter(([, form]) => text.includes(form)).map(([name]) => name),
      longestStall: async () => {
        const metrics = (await http.get('/metrics')).expect(200).text;
        return Number(/^nodejs_eventloop_lag_max_seconds (\S+)$/m.exec(metrics)?.[1]) * 1_000;
      },
      dispose: () => {
        http.close();
        return directory.dispose();
      },
    };
  } catch (error) {
    await directory.dispose();
    throw error;
  }
}

function plantKey(planted: Map<string, string>): string {
  const key = randomBytes(32).toString('base64');
  planted.set('key', key);
  return key;
}
