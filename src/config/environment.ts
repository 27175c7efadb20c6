import { INTERFACE_KINDS, settingName } from '@ferrule/driver-kit/plain';
import { type z } from 'zod';
import { configSchema } from './config.schema.js';
import { nearest } from '../text/nearest.js';
import { type Setting, settings } from './setting.js';

export const PREFIX = 'FERRULE_';
const TEST_PREFIX = `${PREFIX}TEST_`;

export interface Variable extends Setting {
  /** For example `FERRULE_LOCK_TRIES`; `…_FILE` may name a file with the value. */
  readonly key: string;
  readonly path: readonly string[];
}

export const VARIABLES: readonly Variable[] = Object.entries(configSchema.def.innerType.shape).flatMap(
  ([name, schema]): Variable[] => {
    if (name !== 'interfaces') return [{ key: variableKey(name), path: [name], ...about(schema) }];
    const { enabled, default: preferred } =
      configSchema.def.innerType.shape.interfaces.def.innerType.def.valueType.def.innerType.shape;
    return INTERFACE_KINDS.flatMap((kind) => [
      {
        key: `${PREFIX}ENABLED_${kind.toUpperCase()}_INTERFACES`,
        path: [name, kind, 'enabled'],
        ...about(enabled),
      },
      {
        key: `${PREFIX}DEFAULT_${kind.toUpperCase()}_INTERFACE`,
        path: [name, kind, 'default'],
        ...about(preferred),
      },
    ]);
  },
);

/** `lockTries` becomes `FERRULE_LOCK_TRIES`; `caDir` with prefix `REDFISH_` becomes `FERRULE_REDFISH_CA_DIR`. */
export function variableKey(name: string, prefix = ''): string {
  return PREFIX + prefix + settingName(name);
}

function about(schema: z.ZodType): Setting {
  const setting = settings.get(schema);
  if (setting === undefined) throw new TypeError('A setting of the schema has no description.');
  return setting;
}

/** They are for commands that ask a running service, which may have the same environment. */
const OF_CLIENTS: ReadonlySet<string> = new Set([
  'FERRULE_URL',
  'FERRULE_TOKEN',
  'FERRULE_TOKEN_FILE',
  'FERRULE_CA',
]);

export function unknownKeys(env: NodeJS.ProcessEnv, variables: readonly Variable[]): string[] {
  const known = new Set(variables.flatMap(({ key }) => [key, `${key}_FILE`]));
  return Object.keys(env)
    .filter(
      (key) =>
        key.startsWith(PREFIX) && !key.startsWith(TEST_PREFIX) && !known.has(key) && !OF_CLIENTS.has(key),
    )
    .sort();
}

export function unknownKeyProblem(key: string, variables: readonly Variable[]): string {
  const similar = nearest(
    key,
    variables.map((variable) => variable.key),
  );
  return `${key} is not a setting of Ferrule${similar === undefined ? '' : `; did you mean ${similar}?`}`;
}
