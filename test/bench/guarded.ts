import { hash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const TOKEN = 'of-the-benchmark';

/** Of the caller that sends the load. */
export const CREDENTIALS = { authorization: `Bearer ${TOKEN}` };

const CALLERS = `callers:
  - { name: bench, token: 'sha256:${hash('sha256', TOKEN)}', roles: [admin], system: true }
`;

/** None decides about the measured call, for which the last one compares arguments. */
const RULES = `rules:
  - name: readers-read
    decision: allow
    actions: baremetal:node:vendor_passthru
    roles: auditor
    lock: shared
  - name: no-log
    decision: deny
    actions: baremetal:node:vendor_passthru
    roles: admin
    methods: collect_log
  - name: short-work
    decision: deny
    actions: baremetal:node:vendor_passthru
    roles: admin
    methods: [echo, work]
    arguments: { milliseconds: { any_of: [60000] } }
`;

/** Settings of a service with callers and rules, whose files it writes. */
export async function guardedEnv(folder: string): Promise<Record<string, string>> {
  const [callers, rules] = [join(folder, 'callers.yaml'), join(folder, 'policy.yaml')];
  await writeFile(callers, CALLERS, { mode: 0o600 });
  await writeFile(rules, RULES);
  return { FERRULE_AUTH: 'token', FERRULE_CALLERS: callers, FERRULE_POLICY: rules };
}
