import { type SettingsSchema } from '@ferrule/driver-kit';
import { z } from 'zod';
import { type Variable, variableKey } from './environment.js';
import { readTexts, valueProblem } from './read-texts.js';

export type SettingsReading =
  | { readonly texts: Readonly<Record<string, string>> }
  /** `problems` name a setting; `others` are of the package as a whole. */
  | { readonly problems: readonly string[]; readonly others: readonly string[] };

export function packageVariables(prefix: string, schema: SettingsSchema): Variable[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return Object.keys(schema.shape).map((name) => {
    const property = properties[name];
    const { description = '', writeOnly, default: value } = typeof property === 'object' ? property : {};
    return {
      key: variableKey(name, `${prefix}_`),
      path: [name],
      description,
      ...(writeOnly === true ? { secret: true } : {}),
      ...(value === undefined ? {} : textual(value)),
    };
  });
}

export function readPackageSettings(
  env: NodeJS.ProcessEnv,
  schema: SettingsSchema,
  variables: readonly Variable[],
): SettingsReading {
  const { texts, problems } = readTexts(env, variables);
  const input = Object.fromEntries([...texts].map(([{ path }, text]) => [path.join('.'), text] as const));
  const wrong = new Map(problems);
  const others: string[] = [];
  for (const { path, message } of issuesOf(schema, input)) {
    const variable = variables.find((each) => each.path[0] === path[0]);
    if (variable === undefined) others.push(message);
    else if (!wrong.has(variable)) wrong.set(variable, valueProblem(variable, message, texts.get(variable)));
  }
  return wrong.size + others.length > 0 ? { problems: [...wrong.values()], others } : { texts: input };
}

function textual(value: unknown): { default: string; value: string } {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return { default: text, value: text };
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

function issuesOf(schema: SettingsSchema, input: Readonly<Record<string, string>>): readonly Issue[] {
  try {
    return schema.safeParse(input).error?.issues ?? [];
  } catch (error) {
    return [{ path: [], message: error instanceof Error ? error.message : String(error) }];
  }
}
