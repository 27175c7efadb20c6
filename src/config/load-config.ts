import { INTERFACE_KINDS } from '@ferrule/driver-kit/plain';
import { type Config } from './config.js';
import { ConfigError } from './config-error.js';
import { configSchema } from './config.schema.js';
import { unknownKeyProblem, unknownKeys, type Variable, VARIABLES } from './environment.js';
import { readTexts, valueProblem } from './read-texts.js';
import { items } from './values.js';

const UNRECORDED =
  'FERRULE_AUDIT=false: changes and calls leave no record. The audit says only from when to when it was off.';

export interface ConfigReading {
  readonly config: Config;
  readonly problems: readonly string[];
  readonly wrong: ReadonlySet<string>;
}

/**
 * Reads the configuration without the settings of driver packages.
 * @throws ConfigError with all problems.
 */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const { config, problems } = readConfig(env);
  const all = [...unknownKeys(env, VARIABLES).map((key) => unknownKeyProblem(key, VARIABLES)), ...problems];
  if (all.length > 0) throw new ConfigError(all);
  return config;
}

export function readConfig(env: NodeJS.ProcessEnv): ConfigReading {
  const { texts, problems } = readTexts(env, VARIABLES);
  const parsed = configSchema.safeParse(nested(texts));
  if (parsed.success) return reading(parsed.data, texts, problems);

  const wrong = new Map(problems);
  for (const { path, message } of parsed.error.issues) {
    const variable = VARIABLES.find((each) => each.path.every((part, index) => path[index] === part));
    if (variable === undefined) throw new TypeError(`The setting ${path.join('.')} has no variable.`);
    if (!wrong.has(variable)) wrong.set(variable, valueProblem(variable, message, texts.get(variable)));
  }
  const right = new Map([...texts].filter(([variable]) => !wrong.has(variable)));
  return reading(configSchema.parse(nested(right)), right, wrong);
}

function reading(
  values: Omit<Config, 'warnings'>,
  texts: ReadonlyMap<Variable, string>,
  problems: ReadonlyMap<Variable, string>,
): ConfigReading {
  return {
    config: Object.freeze({
      ...values,
      warnings: Object.freeze([...duplicates(texts), ...(values.audit ? [] : [UNRECORDED])]),
    }),
    problems: [...problems.values()],
    wrong: new Set([...problems.keys()].flatMap(({ path }) => path.slice(0, 1))),
  };
}

function nested(texts: ReadonlyMap<Variable, string>): Record<string, unknown> {
  const interfaces = Object.fromEntries(INTERFACE_KINDS.map((kind) => [kind, new Map<string, string>()]));
  const flat: [string, unknown][] = [];
  for (const [{ path }, value] of texts) {
    const [name = '', kind = '', part = ''] = path;
    if (path.length === 1) flat.push([name, value]);
    else interfaces[kind]?.set(part, value);
  }
  const kinds = Object.entries(interfaces).map(([kind, parts]) => [kind, Object.fromEntries(parts)] as const);
  return { ...Object.fromEntries(flat), interfaces: Object.fromEntries(kinds) };
}

function duplicates(texts: ReadonlyMap<Variable, string>): string[] {
  return [...texts].flatMap(([{ key, secret }, value]) =>
    secret === true
      ? []
      : repeated(items(value)).map((item) => `${key} names '${item}' twice; the second is ignored.`),
  );
}

function repeated(list: readonly string[]): string[] {
  return [...new Set(list.filter((item, index) => list.indexOf(item) !== index))];
}
