import { type Authenticator } from './auth/authenticator.js';
import { openAuthentication } from './auth/open-authentication.js';
import { openTls, type TlsFiles } from './http/tls/open-tls.js';
import { openPolicy } from './auth/policy/open-policy.js';
import { type Policy } from './auth/policy/policy.js';
import { type Config } from './config/config.js';
import { webhookProblems } from './config/settings/webhook.js';
import { ConfigError } from './config/config-error.js';
import { unknownKeyProblem, unknownKeys, type Variable, VARIABLES } from './config/environment.js';
import { type ConfigReading, readConfig } from './config/load-config.js';
import { roleOf } from './config/settings/process.js';
import { conductorAuthorities } from './forwarding/conductor-authorities.js';
import { type Watched } from './files/watched-file.js';
import { type EnabledDrivers } from './drivers/drivers.module.js';
import { policyCatalogue } from './drivers/method-catalogue.js';
import { availableDrivers } from './drivers/packages/available-drivers.js';
import { composeDrivers } from './drivers/packages/composition.js';
import { type AvailableDriver, type InstalledDrivers } from './drivers/packages/driver-package.js';
import { loadAll, type LoadedDriver } from './drivers/packages/loader.js';
import { type PackageProblem } from './drivers/packages/checks/package-problem.js';
import { declaredSettings, mayBelongTo, readDeclaredSettings } from './drivers/packages/declared-settings.js';

export interface Setup extends EnabledDrivers {
  readonly config: Config;
  readonly authenticator: Authenticator;
  readonly policy: Policy;
  /** Undefined: the service speaks http. */
  readonly tls: TlsFiles | undefined;
  /** Those that are read again when they change. */
  readonly files: readonly Watched[];
  /** What does not stop the start. */
  readonly warnings: readonly string[];
}

export interface Examination {
  /** To start with only if nothing is wrong. */
  readonly setup: Setup;
  /** What is wrong with the settings, and with the files that they name. */
  readonly problems: readonly string[];
  /** Why the enabled drivers cannot be composed. */
  readonly driverProblems: readonly string[];
  /** What the settings allow and probably should not. */
  readonly settingWarnings: readonly string[];
}

type FurtherProblems = (config: Config) => Promise<readonly string[]>;

/**
 * Reads the whole configuration, including settings of driver packages, and loads the enabled drivers.
 * @param further problems that need more than the texts of the settings.
 * @param given the available drivers, instead of those of the installed packages.
 * @throws ConfigError with all problems.
 */
export async function setUp(
  env: NodeJS.ProcessEnv,
  further?: FurtherProblems,
  given?: InstalledDrivers,
): Promise<Setup> {
  const { setup, problems, driverProblems } = await examine(env, further, given);
  refuse([...problems, ...driverProblems]);
  return setup;
}

/** As `setUp`, and tells what is wrong instead of throwing it. */
export async function examine(
  env: NodeJS.ProcessEnv,
  further: FurtherProblems = async () => [],
  given?: InstalledDrivers,
): Promise<Examination> {
  const reading = readConfig(env);
  const { config } = reading;
  const installed = given ?? availableDrivers(config.driverRoot);
  const { loaded, drivers, reasons, warnings } = isSelectionRight(reading)
    ? await composeDrivers(installed, config, { mayHaveNone: roleOf(config) === 'api' })
    : { loaded: [], drivers: [], reasons: [], warnings: [] };
  const declared = declaredSettings(loaded);
  const { settings, problems, warnings: ofPackages } = readDeclaredSettings(env, declared);
  const access = await openAuthentication(config);
  const rules = await openPolicy(config, () => policyCatalogue(drivers));
  const encryption = openTls(config);
  const settingWarnings = [...config.warnings, ...ofPackages];
  const setup: Setup = {
    config,
    authenticator: access.authenticator,
    policy: rules.policy,
    tls: encryption.tls,
    files: [...access.files, ...rules.files, ...(encryption.tls === undefined ? [] : [encryption.tls])],
    drivers,
    settings,
    warnings: [...settingWarnings, ...warnings],
  };
  return {
    setup,
    problems: [
      ...(await unknownSettings(env, installed.drivers, loaded)),
      ...reading.problems,
      ...access.problems,
      ...encryption.problems,
      ...webhookProblems(config, reading.wrong),
      ...conductorAuthorities(config).problems,
      ...rules.problems,
      ...(await further(config)),
      ...problems,
    ],
    driverProblems: reasons,
    settingWarnings,
  };
}

export async function loadServiceConfig(env: NodeJS.ProcessEnv): Promise<Config> {
  const { config, problems } = readConfig(env);
  refuse([...(await unknownSettings(env, availableDrivers(config.driverRoot).drivers, [])), ...problems]);
  return config;
}

export interface Inspection {
  readonly config: Config;
  readonly variables: readonly Variable[];
  readonly failed: readonly PackageProblem[];
  /** Without those of the composition of drivers. */
  readonly problems: readonly string[];
}

export async function inspectConfig(env: NodeJS.ProcessEnv): Promise<Inspection> {
  const { config, problems } = readConfig(env);
  const { drivers: available } = availableDrivers(config.driverRoot);
  const { loaded, problems: failed } = await loadAll(available);
  const enabled = loaded.filter(({ from }) => config.enabledHardwareTypes.includes(from.name));
  const unknown = await unknownSettings(env, available, loaded);
  const ofPackages = readDeclaredSettings(env, declaredSettings(enabled)).problems;
  return {
    config,
    variables: [...VARIABLES, ...variablesOf(loaded)],
    failed,
    problems: [...unknown, ...problems, ...ofPackages],
  };
}

/** If driver names are wrong, loading would report misleading problems. */
function isSelectionRight({ wrong }: ConfigReading): boolean {
  return !['driverRoot', 'enabledHardwareTypes', 'interfaces'].some((name) => wrong.has(name));
}

/** Packages that are not enabled are loaded only if there is a name that the enabled ones do not know. */
async function unknownSettings(
  env: NodeJS.ProcessEnv,
  available: readonly AvailableDriver[],
  loaded: readonly LoadedDriver[],
): Promise<string[]> {
  const known = [...VARIABLES, ...variablesOf(loaded)];
  if (unknownKeys(env, known).length === 0) return [];
  const rest = await loadAll(available.filter((driver) => !loaded.some(({ from }) => from === driver)));
  known.push(...variablesOf(rest.loaded));
  return unknownKeys(env, known)
    .filter((key) => !mayBelongTo(key, rest.problems))
    .map((key) => unknownKeyProblem(key, known));
}

function variablesOf(loaded: readonly LoadedDriver[]): readonly Variable[] {
  return declaredSettings(loaded).flatMap(({ variables }) => variables);
}

function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw new ConfigError(problems);
}
