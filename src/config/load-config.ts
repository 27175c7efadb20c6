import { INTERFACE_KINDS } from '@ferrule/driver-kit';
import { type Config } from './config.js';
import { ConfigError } from './config-error.js';
import { configSchema } from './config.schema.js';
import { nearest } from './nearest.js';
import { readVariable } from './read-variable.js';
import { unknownKeys, type Variable, VARIABLES } from './environment.js';
import { items } from './values.js';

/**
 * The configuration that an environment describes.
 * @throws ConfigError with all that is wrong.
 */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const problems = unknownKeys(env).map(unknownKey);
  const texts = new Map<Variable, string>();
  for (const variable of VARIABLES) {
    const reading = readVariable(env, variable.key);
    if ('problem' in reading) problems.push(reading.problem);
    else if (reading.value !== undefined) texts.set(variable, reading.value);
  }

  const parsed = configSchema.safeParse(nested(texts));
  if (!parsed.success) problems.push(...parsed.error.issues.map((issue) => explain(issue, texts)));
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return Object.freeze({ ...parsed.data, warnings: Object.freeze(duplicates(texts)) });
}

function unknownKey(key: string): string {
  const similar = nearest(
    key,
    VARIABLES.map((variable) => variable.key),
  );
  return `${key} is not a setting of Ferrule${similar === undefined ? '' : `; did you mean ${similar}?`}`;
}

/** The texts in the shape of the schema. */
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

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

function explain(issue: Issue, texts: ReadonlyMap<Variable, string>): string {
  const variable = VARIABLES.find(({ path }) => path.every((part, index) => issue.path[index] === part));
  if (variable === undefined) return issue.message;
  const value = texts.get(variable);
  const shown = variable.secret === true || value === undefined ? '' : `, not '${value}'`;
  return `${variable.key} ${issue.message}${shown}`;
}

function duplicates(texts: ReadonlyMap<Variable, string>): string[] {
  return [...texts].flatMap(([{ key, secret }, value]) =>
    secret === true
      ? []
      : repeated(items(value)).map((item) => `${key} names '${item}' twice; it is kept once.`),
  );
}

function repeated(list: readonly string[]): string[] {
  return [...new Set(list.filter((item, index) => list.indexOf(item) !== index))];
}
