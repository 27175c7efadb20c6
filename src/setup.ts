import { type Config } from './config/config.js';
import { ConfigError } from './config/config-error.js';
import { unknownKeyProblem, unknownKeys, type Variable, VARIABLES } from './config/environment.js';
import { type ConfigReading, readConfig } from './config/load-config.js';
import { type EnabledDrivers } from './drivers/drivers.module.js';
import { availableDrivers } from './drivers/packages/available-drivers.js';
import { composeDrivers } from './drivers/packages/composition.js';
import { type AvailableDriver } from './drivers/packages/driver-package.js';
import { loadAll, type LoadedDriver } from './drivers/packages/loader.js';
import { declaredSettings, mayBelongTo, readDeclaredSettings } from './drivers/packages/package-settings.js';

/** What the service starts with. */
export interface Setup extends EnabledDrivers {
  readonly config: Config;
}

/**
 * Reads the whole configuration, settings of driver packages included, and loads the enabled drivers.
 * @throws ConfigError with every reason against the start.
 */
export async function setUp(env: NodeJS.ProcessEnv): Promise<Setup> {
  const reading = readConfig(env);
  const { config } = reading;
  const available = availableDrivers(config.driverRoot);
  const { loaded, drivers, reasons } = isSelectionRight(reading)
    ? await composeDrivers(available, config)
    : { loaded: [], drivers: [], reasons: [] };
  const declared = declaredSettings(loaded);
  const { settings, problems } = readDeclaredSettings(env, declared);
  refuse([...(await unknownSettings(env, available, loaded)), ...reading.problems, ...reasons, ...problems]);
  return { config, drivers, settings };
}

/**
 * Reads the service's own settings. Those of driver packages are known, and not read.
 * @throws ConfigError with all that is wrong.
 */
export async function loadServiceConfig(env: NodeJS.ProcessEnv): Promise<Config> {
  const { config, problems } = readConfig(env);
  refuse([...(await unknownSettings(env, availableDrivers(config.driverRoot), [])), ...problems]);
  return config;
}

/** Every setting there is, for people to read. */
export interface Inspection {
  readonly config: Config;
  /** The service's own variables, and those of every installed driver package that can be loaded. */
  readonly variables: readonly Variable[];
  /** Drivers that cannot be loaded, so that the settings of their packages are not known. */
  readonly failed: readonly AvailableDriver[];
  /** All that is wrong, but for what concerns the composition of drivers. */
  readonly problems: readonly string[];
}

/** Looks at the whole configuration without starting with it: all installed packages are loaded. */
export async function inspectConfig(env: NodeJS.ProcessEnv): Promise<Inspection> {
  const { config, problems } = readConfig(env);
  const available = availableDrivers(config.driverRoot);
  const { loaded, failed } = await loadAll(available);
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

/** Without the right names of drivers there is nothing to load that the operator meant. */
function isSelectionRight({ wrong }: ConfigReading): boolean {
  return !['driverRoot', 'enabledHardwareTypes', 'interfaces'].some((name) => wrong.has(name));
}

/** Packages beside the loaded ones are looked at only when there is a name that these do not know. */
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
    .filter((key) => !mayBelongTo(key, rest.failed))
    .map((key) => unknownKeyProblem(key, known));
}

function variablesOf(loaded: readonly LoadedDriver[]): readonly Variable[] {
  return declaredSettings(loaded).flatMap(({ variables }) => variables);
}

function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw new ConfigError(problems);
}
