import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { inspectConfig } from '../../src/setup.js';
import { runCommand } from '../support/command.js';
import { ROOT } from '../support/readme.js';
import { describeOnlyWhere, hasProgram } from '../support/require.js';

const CHART = join(ROOT, 'deploy/helm/ferrule');
const FOLDER = join(ROOT, 'deploy');

describe('deploy/', () => {
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .map((name) => join(FOLDER, name))
    .filter((file) => statSync(file).isFile());

  it.each(files)('%s names no setting that does not exist', async (file) => {
    const { variables } = await inspectConfig({});
    const known = variables.flatMap(({ key }) => [key, `${key}_FILE`]);
    const named = readFileSync(file, 'utf8').match(/FERRULE_[A-Z_]*[A-Z]/g) ?? [];
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });
});

describeOnlyWhere(hasProgram('helm'), 'not installed: helm')('the Helm chart', () => {
  it('has no fault that helm lint knows', async () => {
    expect(await runCommand('helm', ['lint', '--strict', CHART], {})).toMatchObject({ code: 0 });
  });

  it('makes deployments of the API and of conductors, and a job for the migrations', async () => {
    const { code, stdout } = await runCommand('helm', ['template', 'fleet', CHART], {});
    expect(code).toBe(0);
    const names = [...stdout.matchAll(/^kind: (\w+)\nmetadata:\n {2}name: (\S+)$/gm)];
    expect(names.map(([, kind, name]) => `${kind} ${name}`).sort()).toEqual([
      'Deployment fleet-api',
      'Deployment fleet-conductor',
      'Job fleet-migrate',
      'PodDisruptionBudget fleet-api',
      'PodDisruptionBudget fleet-conductor',
      'Service fleet',
    ]);
  });
});
