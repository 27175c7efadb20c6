import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { type Trial } from '../trial/trial.js';
import { type Finding, machine, type Rule } from './rule.js';

/** They must be the service's own, or decorators and schemas of two copies meet. */
const PEERS = ['@nestjs/common', 'zod'];
/** Milliseconds. */
const IMPORT_LIMIT = 30_000;

/** The package of the driver. */
export const PACKAGE_RULES: readonly Rule[] = [
  machine(
    'package-entry',
    'bronze',
    'package.json declares each hardware type under ferrule.drivers, with a file that exists.',
    (trial) => {
      const drivers = driversOf(trial);
      return trial.subject.hardwareTypes.flatMap(({ name }): Finding[] => {
        const path = drivers[name];
        if (path === undefined) return [{ subject: name, problem: 'it is not declared' }];
        const isThere = existsSync(join(trial.packageFolder, path));
        return isThere ? [] : [{ subject: name, problem: `${path} does not exist; build the package first` }];
      });
    },
  ),
  machine(
    'package-peers',
    'silver',
    `${PEERS.join(' and ')} are peer dependencies, so that there is one copy of each.`,
    (trial) => {
      const manifest = trial.manifest() ?? {};
      const [own, peers] = [namesIn(manifest['dependencies']), namesIn(manifest['peerDependencies'])];
      return PEERS.flatMap((name): Finding[] => {
        if (own.includes(name)) return [{ subject: name, problem: 'it is a dependency' }];
        return peers.includes(name) ? [] : [{ subject: name, problem: 'it is no peer dependency' }];
      });
    },
  ),
  machine(
    'package-described',
    'gold',
    'The package has a description, a license, the versions of Node, and a README.',
    (trial) => {
      const manifest = trial.manifest() ?? {};
      const missing = ['description', 'license', 'engines'].filter((name) => manifest[name] === undefined);
      if (!existsSync(join(trial.packageFolder, 'README.md'))) missing.push('README.md');
      return missing.map((subject) => ({ subject, problem: 'it is missing' }));
    },
  ),
  machine(
    'import-clean',
    'silver',
    'The package can be imported without an effect: no output, timer, listener, variable.',
    async (trial) => {
      const findings: Finding[] = [];
      for (const path of new Set(Object.values(driversOf(trial)))) {
        const file = join(trial.packageFolder, path);
        if (!existsSync(file)) continue;
        findings.push(...(await effectsOf(file)).map((problem) => ({ subject: path, problem })));
      }
      return findings;
    },
  ),
];

function driversOf(trial: Trial): Readonly<Record<string, string>> {
  const { ferrule } = (trial.manifest() ?? {}) as { ferrule?: { drivers?: Record<string, string> } };
  return ferrule?.drivers ?? {};
}

function namesIn(dependencies: unknown): string[] {
  return typeof dependencies === 'object' && dependencies !== null ? Object.keys(dependencies) : [];
}

/** Imports Nest and the kit first, whose own effects do not count. */
const PROBE = `
await import('reflect-metadata');
for (const name of ['@nestjs/common', 'zod', '@ferrule/driver-kit']) await import(name).catch(() => {});
const state = () => ({
  'global variables': Object.getOwnPropertyNames(globalThis).sort(),
  'environment variables': Object.keys(process.env).sort(),
  'listeners of the process': process.eventNames().flatMap((name) => process.listeners(name).map(() => String(name))).sort(),
  'active resources': process.getActiveResourcesInfo().filter((name) => !/FSReq|PipeWrap|TTYWrap|CloseReq/.test(name)).sort(),
  'members of Object.prototype': Object.getOwnPropertyNames(Object.prototype).sort(),
  'members of Array.prototype': Object.getOwnPropertyNames(Array.prototype).sort(),
});
const before = state();
let printed = false;
for (const stream of [process.stdout, process.stderr]) stream.write = () => (printed = true);
await import(process.argv[1]);
const after = state();
const effects = Object.keys(after)
  .filter((name) => JSON.stringify(after[name]) !== JSON.stringify(before[name]))
  .map((name) => 'it changes the ' + name);
if (printed) effects.push('it prints something');
delete process.stdout.write;
process.stdout.write(JSON.stringify(effects), () => process.exit(0));
`;

async function effectsOf(file: string): Promise<string[]> {
  const args = ['--input-type=module', '--eval', PROBE, pathToFileURL(file).href];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      cwd: join(file, '..'),
      env: { ...process.env, NODE_OPTIONS: '' },
      timeout: IMPORT_LIMIT,
    });
    return JSON.parse(stdout) as string[];
  } catch (error) {
    return [`it cannot be imported: ${error instanceof Error ? error.message : String(error)}`];
  }
}
