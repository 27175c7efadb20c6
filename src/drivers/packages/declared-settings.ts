import { type AnySettingsClass } from '@ferrule/driver-kit';
import { declarationsOf } from '@ferrule/driver-kit/host';
import { settingsPrefix } from '@ferrule/driver-kit/plain';
import { type Variable, VARIABLES } from '../../config/environment.js';
import { packageVariables, readPackageSettings } from '../../config/read-package-settings.js';
import { secretsOfSetting } from '../../secrets/redact.js';
import { type LoadedDriver } from './loader.js';
import { type PackageProblem } from './checks/package-problem.js';

export interface DeclaredSettings {
  readonly package: string;
  readonly prefix: string;
  readonly settings: AnySettingsClass;
  readonly variables: readonly Variable[];
}

/** The class is the injection token. */
export interface InjectableSettings {
  readonly token: AnySettingsClass;
  readonly value: unknown;
  /** The values of those that are marked as secrets. */
  readonly secrets: readonly string[];
}

export function declaredSettings(loaded: readonly LoadedDriver[]): DeclaredSettings[] {
  const bySettings = new Map<AnySettingsClass, DeclaredSettings>();
  for (const { from, declared } of loaded) {
    for (const { package: name, settings } of declarationsOf(from.package, declared)) {
      if (settings === undefined || bySettings.has(settings)) continue;
      const prefix = settingsPrefix(name);
      const variables = packageVariables(prefix, settings.schema);
      bySettings.set(settings, { package: name, prefix, settings, variables });
    }
  }
  return [...bySettings.values()];
}

export function readDeclaredSettings(
  env: NodeJS.ProcessEnv,
  declared: readonly DeclaredSettings[],
): {
  readonly settings: readonly InjectableSettings[];
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
} {
  const settings: InjectableSettings[] = [];
  const warnings: string[] = [];
  const problems = clashes(declared);
  for (const { package: name, settings: token, variables } of declared) {
    const reading = readPackageSettings(env, token.schema, variables);
    if ('texts' in reading) {
      const value: unknown = Reflect.construct(token, [reading.texts]);
      warnings.push(...warningsOf(value));
      settings.push({ token, value, secrets: secretValues(variables, reading.texts, value) });
    } else {
      problems.push(...reading.problems);
      problems.push(...reading.others.map((problem) => `The settings of package ${name}: ${problem}`));
    }
  }
  return { settings, problems, warnings };
}

/** What the class of the settings says about values that are allowed and dangerous. */
function warningsOf(value: unknown): string[] {
  const isTelling = typeof value === 'object' && value !== null && 'warnings' in value;
  if (!isTelling || typeof value.warnings !== 'function') return [];
  const told: unknown = Reflect.apply(value.warnings, value, []);
  return Array.isArray(told) ? told.filter((text) => typeof text === 'string') : [];
}

/** As they were given, and as the schema made them; a default is in the code of the package, and no secret. */
function secretValues(
  variables: readonly Variable[],
  texts: Readonly<Record<string, string>>,
  value: unknown,
): string[] {
  const members = new Map<string, unknown>(Object.entries(value ?? {}));
  const marked = variables.filter(({ secret }) => secret === true).map(({ path: [name = ''] }) => name);
  return marked
    .filter((name) => texts[name] !== undefined)
    .flatMap((name) => secretsOfSetting([texts[name], members.get(name)]));
}

function clashes(declared: readonly DeclaredSettings[]): string[] {
  const problems: string[] = [];
  const owners = new Map(VARIABLES.map(({ key }) => [key, 'Ferrule itself']));
  const packages = new Map<string, string>();
  for (const { package: name, prefix, variables } of declared) {
    const rival = packages.get(prefix) ?? name;
    packages.set(prefix, rival);
    if (rival !== name) {
      problems.push(
        `The packages ${rival} and ${name} both have settings that begin with FERRULE_${prefix}_.`,
      );
      continue;
    }
    for (const { key } of variables) {
      const owner = owners.get(key);
      // Two copies of a package read the same settings.
      if (owner !== undefined && owner !== `package ${name}`)
        problems.push(`${key} is a setting of package ${name}, and of ${owner}.`);
      owners.set(key, `package ${name}`);
    }
  }
  return problems;
}

/** Whether a variable may be a setting of a package that cannot be loaded. */
export function mayBelongTo(key: string, failed: readonly PackageProblem[]): boolean {
  return failed.some(({ package: name }) => key.startsWith(`FERRULE_${settingsPrefix(name)}_`));
}
