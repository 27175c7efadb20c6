import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { call, createNode, ended, jobOf } from '../../support/passthru.js';
import { dataDirectory } from '../../support/service.js';
import { type Known } from './requests.js';

const STALL_WATCH = join(import.meta.dirname, 'stall-watch.mjs');

const ROLES = {
  admin: ['admin', true],
  reader: ['reader', true],
  operator: ['operator, reader', true],
  tenant: ['member', false],
} as const;

const POLICY = `rules:
  - name: no-bad-echo
    decision: deny
    actions: baremetal:*:vendor_passthru
    roles: operator
    methods: echo
    arguments:
      token: { any_of: [bad, '7', token=3] }
  - name: harmless
    decision: allow
    actions: baremetal:*:vendor_passthru
    roles: operator
    methods: [echo, second_method, note, report_progress]
    arguments:
      bar: { none_of: [meow, '', ' '] }
      value: { none_of: [a, constructor, '1'] }
      steps: { only: [1, 2, 3] }
  - name: readers-read
    decision: allow
    actions: baremetal:node:vendor_passthru
    personas: [system_reader, owner_reader]
    lock: shared
`;

interface KnownNode {
  readonly uuid: string;
  readonly name: string;
  /** The id of one that has ended. */
  readonly job: string;
}

/** A service with authentication, with nodes and jobs, and with secrets that no answer may have. */
export interface FuzzService {
  readonly port: number;
  /** Makes nodes anew that requests have deleted. */
  known(): Promise<Known>;
  readonly log: string;
  readonly hasEnded: boolean;
  /** The names of the planted secrets that a text has, in any usual form. */
  secretsIn(text: string): readonly string[];
  /** How long its event loop was blocked since the last time, in milliseconds, without the times below 50. */
  stalls(): readonly number[];
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
    const stallFile = join(directory.path, 'stalls');
    const policy = join(directory.path, 'policy.yaml');
    writeFileSync(policy, POLICY);
    const service = await directory.start({
      FERRULE_POLICY: policy,
      FERRULE_ACCESS_LOG: 'stdout',
      FERRULE_AUTH: 'token',
      FERRULE_METRICS: 'on',
      FERRULE_CALLERS: file,
      FERRULE_SECRETS_KEY: plantKey(planted),
      FERRULE_LOCK_TRIES: '1',
      FERRULE_LOG_LEVEL: 'info',
      NODE_OPTIONS: `--import=${pathToFileURL(STALL_WATCH).href}`,
      STALL_FILE: stallFile,
    });
    // Those of the start.
    let read = linesOf(stallFile).length;
    const http = service.http.with({ authorization: `Bearer ${callers[0]?.token}` });
    let generation = 0;
    const members = [null, 'tenant', 'tenant', null].map((owner, index) => ({
      owner,
      driver_info: { fake_password: plant(`password of node ${index}`), note: 'x' },
      instance_info: { token: plant(`token in instance_info of node ${index}`) },
    }));
    const newNode = async (index: number): Promise<KnownNode> => {
      const name = `node-${index}-${generation}`;
      const uuid = await createNode(http, { ...members[index], name });
      const job = jobOf(await call(http, uuid, 'report_progress', { steps: 1 }));
      return { uuid, name, job: (await ended(http, job)).id };
    };
    let nodes = await Promise.all(members.map((_, index) => newNode(index)));
    const renewed = async (): Promise<KnownNode[]> => {
      generation++;
      return Promise.all(
        nodes.map(async (node, index) => {
          const { status } = await http.get(`/v1/nodes/${node.uuid}`);
          return status === 404 ? newNode(index) : node;
        }),
      );
    };
    const forms = [...planted].flatMap(([name, secret]) =>
      [secret, Buffer.from(secret).toString('base64').replace(/=+$/, '')].map(
        (form) => [name, form] as const,
      ),
    );
    return {
      port: Number(new URL(http.base).port),
      known: async () => {
        nodes = await renewed();
        return {
          nodes: nodes.flatMap(({ uuid, name }) => [uuid, name]),
          jobs: nodes.map(({ job }) => job),
          credentials: callers.map(({ token }) => `Bearer ${token}`),
        };
      },
      get log() {
        return service.log;
      },
      get hasEnded() {
        return service.hasEnded;
      },
      secretsIn: (text) => forms.filter(([, form]) => text.includes(form)).map(([name]) => name),
      stalls: () => {
        const lines = linesOf(stallFile).slice(read);
        read += lines.length;
        return lines.map(Number);
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

function linesOf(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
}

function plantKey(planted: Map<string, string>): string {
  const key = randomBytes(32).toString('base64');
  planted.set('key', key);
  return key;
}
