import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Config } from '../../config/config.js';
import { runningServer } from '../../database/embedded/running-server.js';
import { type Connection } from '../../database/sessions/connection.js';
import { withClient } from '../../database/sessions/with-client.js';
import { type Examination, examine } from '../../setup.js';
import { traceSettings } from '../../tracing/trace-settings.js';
import { type Output } from '../output.js';
import { listenAddress } from '../serve/listen-address.js';
import { type Check, type CheckedFinding, runChecks } from './check.js';
import { checkClock, checkSkew } from './checks/clock.js';
import { checkCollector } from './checks/collector.js';
import { checkDataDirectory } from './checks/data-directory.js';
import { checkDatabase } from './checks/database.js';
import { checkDrivers } from './checks/drivers.js';
import { checkJobs, checkQueue } from './checks/jobs.js';
import { checkKeystone } from './checks/keystone.js';
import { checkKeys } from './checks/keys.js';
import { checkDisk, checkOpenFiles } from './checks/machine.js';
import { checkNode } from './checks/node.js';
import { checkCertificate, checkSecretFiles } from './checks/secret-files.js';
import { checkSettings } from './checks/settings.js';
import { checkWebhook } from './checks/webhook.js';
import { type Finding, ok, problem } from './finding.js';

/** Milliseconds for each check; they run at the same time. */
const LIMIT_MS = 30_000;

const STATEMENT_MS = 5_000;

/** Changes nothing. @returns 1 if there is a problem. */
export async function doctor(
  env: NodeJS.ProcessEnv,
  options: { node?: string; json?: boolean },
  out: Output,
): Promise<number> {
  const examination = await examine(env, async (given) => {
    const listening = await listenAddress(given);
    return [...('problem' in listening ? [listening.problem] : []), ...traceSettings(env).problems];
  });
  const { config } = examination.setup;
  const connection = connectionOf(config);
  const isAnswering = connection === undefined ? Promise.resolve(false) : answers(connection);
  const checks: Check[] = [
    { name: 'settings', run: async () => checkSettings(examination, env) },
    { name: 'drivers', run: () => checkDrivers(config) },
    ...databaseChecks(config, connection, isAnswering),
    { name: 'queue', run: () => checkQueue(config) },
    { name: 'keystone', run: () => checkKeystone(config) },
    { name: 'webhook', run: () => checkWebhook(config) },
    { name: 'collector', run: () => checkCollector(env) },
    { name: 'clock', run: () => checkClock() },
    { name: 'open files', run: async () => checkOpenFiles(config) },
    { name: 'secret files', run: async () => checkSecretFiles(config, env) },
    { name: 'certificate', run: async () => checkCertificate(examination.setup.tls) },
    ...nodeChecks(examination, connection, isAnswering, options.node),
  ];
  const findings = await runChecks(checks, LIMIT_MS);
  const isWell = findings.every(({ level }) => level !== 'problem');
  if (options.json === true) out.print(JSON.stringify({ is_well: isWell, findings }, null, 2));
  else out.print(textOf(findings));
  return isWell ? 0 : 1;
}

/** Undefined if the embedded server does not run, which is not started for this. */
function connectionOf({ databaseUrl, dataDir }: Config): Connection | undefined {
  return databaseUrl === undefined ? runningServer(dataDir) : { connectionString: databaseUrl };
}

function databaseChecks(
  config: Config,
  connection: Connection | undefined,
  isAnswering: Promise<boolean>,
): Check[] {
  const { databaseUrl, dataDir } = config;
  const checks: Check[] = [];
  if (databaseUrl === undefined) {
    checks.push(
      { name: 'data directory', run: () => checkDataDirectory(dataDir, connection !== undefined) },
      { name: 'disk', run: () => checkDisk(existing(resolve(dataDir))) },
    );
  }
  if (connection === undefined) {
    const text = 'The embedded PostgreSQL does not run, and is checked only while the service does.';
    return [...checks, { name: 'database', run: async () => [ok(text)] }];
  }
  const ifAnswering = (check: () => Promise<readonly Finding[]>) => async () =>
    (await isAnswering) ? check() : [];
  return [
    ...checks,
    { name: 'database', run: () => checkDatabase(config, connection) },
    { name: 'secrets', run: ifAnswering(() => checkKeys(config, connection)) },
    { name: 'jobs', run: ifAnswering(() => checkJobs(connection)) },
    { name: 'database clock', run: ifAnswering(() => checkSkew(config, connection)) },
  ];
}

/** Otherwise one problem of the database would be reported by each check that needs it. */
async function answers(connection: Connection): Promise<boolean> {
  try {
    await withClient(connection, { statementLimit: STATEMENT_MS }, (client) => client.query('select'));
    return true;
  } catch {
    return false;
  }
}

function nodeChecks(
  { setup, problems, driverProblems }: Examination,
  connection: Connection | undefined,
  isAnswering: Promise<boolean>,
  node: string | undefined,
): Check[] {
  if (node === undefined) return [];
  const not = (reason: string, advice: string) => [
    problem(`Node ${node} was not checked: ${reason}.`, advice),
  ];
  const run = async (): Promise<readonly Finding[]> => {
    if (problems.length > 0) return not('the settings are wrong', 'Correct them first.');
    if (driverProblems.length > 0) return not('its driver may be missing', 'See the check of the drivers.');
    if (connection === undefined) return not('its database does not run', 'Start the service first.');
    if (!(await isAnswering)) return not('its database does not answer', 'See the check of the database.');
    return checkNode(setup, connection, node);
  };
  return [{ name: 'node', run }];
}

function existing(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : existing(dirname(folder));
}

function textOf(findings: readonly CheckedFinding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  return findings
    .flatMap(({ check, level, message, advice }) => {
      const line = `${level.padEnd('problem'.length)}  ${check.padEnd(width)}  ${message}`;
      return advice === null ? [line] : [line, `${' '.repeat(width + 11)}→ ${advice}`];
    })
    .join('\n');
}
