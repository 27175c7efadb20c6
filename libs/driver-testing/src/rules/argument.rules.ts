import { isSecretKey } from '@ferrule/driver-kit';
import { z } from 'zod';
import { type JsonSchema, resolved } from '../arguments/json-schema.js';
import { type Method } from '../subject/subject.js';
import { SNAKE, whyNoDescription } from './names.js';
import { type Finding, machine, type Rule } from './rule.js';

interface Argument {
  readonly method: Method;
  readonly name: string;
  readonly schema: JsonSchema;
}

function eachArgument(problemOf: (argument: Argument) => string | undefined): NonNullable<Rule['check']> {
  return ({ subject }) =>
    subject.methods.flatMap((method) =>
      Object.entries(method.schema.properties ?? {}).flatMap(([name, schema]): Finding[] => {
        const problem = problemOf({ method, name, schema });
        return problem === undefined ? [] : [{ subject: `${method.id} ${name}`, problem }];
      }),
    );
}

/** What is declared of arguments. */
export const ARGUMENT_RULES: readonly Rule[] = [
  machine(
    'argument-named',
    'silver',
    'Names of arguments are snake_case.',
    eachArgument(({ name }) => (SNAKE.test(name) ? undefined : 'it is not like apply_time')),
  ),
  machine(
    'argument-described',
    'silver',
    'Arguments have a description.',
    eachArgument(({ name, schema }) => whyNoDescription(name, schema.description)),
  ),
  machine(
    'argument-typed',
    'silver',
    'Schemas say of each argument which type it has.',
    eachArgument(({ method, schema }) => {
      const { type, enum: values, const: value, anyOf, oneOf, allOf } = resolved(schema, method.schema);
      const says = type ?? values ?? value ?? anyOf ?? oneOf ?? allOf;
      return says === undefined ? 'it may be anything' : undefined;
    }),
  ),
  machine(
    'argument-secret-marked',
    'bronze',
    'Arguments with the name of a secret are marked with writeOnly.',
    eachArgument(({ name, schema }) =>
      isSecretKey(name) && schema.writeOnly !== true
        ? 'write .meta({ writeOnly: true }) after it'
        : undefined,
    ),
  ),
  machine(
    'argument-secret-without-default',
    'bronze',
    'Secret arguments have no default, which the listing would show.',
    eachArgument(({ schema }) =>
      schema.writeOnly === true && schema.default !== undefined ? 'it has a default' : undefined,
    ),
  ),
  machine(
    'argument-default-valid',
    'bronze',
    'Defaults of arguments are values that the schema allows.',
    eachArgument(({ method, name, schema }) => {
      if (schema.default === undefined) return undefined;
      const { error } = fieldOf(method, name).safeParse(schema.default);
      return error ? `its default ${JSON.stringify(schema.default)} is refused` : undefined;
    }),
  ),
  machine(
    'argument-default-shown',
    'silver',
    'What an argument is without a value is shown as its default.',
    eachArgument(({ method, name, schema }) => {
      const { data } = fieldOf(method, name).safeParse(undefined);
      const isHidden = data !== undefined && schema.default === undefined && schema.writeOnly !== true;
      return isHidden
        ? `it is ${JSON.stringify(data)} without a value; write .prefault() instead of .default()`
        : undefined;
    }),
  ),
  machine('args-representable', 'bronze', 'JSON Schema can say what arguments are.', ({ subject }) =>
    subject.methods.flatMap(({ id, args }) =>
      Object.entries<z.core.$ZodType>(args.shape).flatMap(([name, field]): Finding[] => {
        const problem = lossOf(field);
        return problem === undefined ? [] : [{ subject: `${id} ${name}`, problem }];
      }),
    ),
  ),
  machine('args-strict', 'bronze', 'Arguments that a method does not have are refused.', ({ subject }) =>
    subject.methods.flatMap(({ id, schema }): Finding[] =>
      schema.additionalProperties === false ? [] : [{ subject: id, problem: 'it takes any argument' }],
    ),
  ),
];

function fieldOf({ args }: Method, name: string): z.ZodType {
  const shape: Readonly<Record<string, z.core.$ZodType>> = args.shape;
  return shape[name] as z.ZodType;
}

/** Values of other classes; what a transform reads can be told by `.meta({ type })`. */
function lossOf(field: z.core.$ZodType): string | undefined {
  try {
    z.toJSONSchema(field, {
      io: 'input',
      unrepresentable: 'any',
      override: ({ zodSchema }) => {
        const { type } = zodSchema._zod.def;
        if (/^(?:date|bigint|map|set|symbol|undefined|void|nan|function|file|promise)$/.test(type)) {
          throw new TypeError(`JSON has no ${type}`);
        }
      },
    });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
