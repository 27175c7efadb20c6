import { type Effect, type HttpMethod, type JsonValue, type Task } from '@ferrule/driver-kit';
import { argumentsOf, effectOf, type MethodDeclaration, timeoutOf, wireName } from '@ferrule/driver-kit/host';
import { z } from 'zod';
import { inexactIntegerProblem } from '../../json/exact-integers.js';
import { parseArguments } from './arguments.js';

/** Ironic's keys; methods of the driver level have no lock. */
export interface MethodListing {
  readonly http_methods: readonly HttpMethod[];
  readonly async: boolean;
  readonly description: string;
  readonly attach: boolean;
  readonly require_exclusive_lock?: boolean;
}

export interface MethodDetail extends MethodListing {
  readonly args: JsonValue;
  /** Seconds. */
  readonly timeout: number;
  readonly package: string;
  /** JSON Schema of the result, if the method declares it. */
  readonly returns?: JsonValue;
  readonly effect: Effect;
  readonly since?: string;
  readonly deprecated?: string;
}

/** A decorated method. What calls need of it is computed at the start. */
export class PassthruMethod {
  readonly name: string;
  readonly scope: 'node' | 'driver';
  readonly http: readonly HttpMethod[];
  readonly isAsync: boolean;
  readonly isExclusive: boolean;
  readonly isAttachment: boolean;
  /** Milliseconds. */
  readonly timeout: number;
  /** Whether a dry run calls it. */
  readonly isRehearsable: boolean;
  readonly effect: Effect;
  readonly schema: z.ZodObject;
  readonly listing: MethodListing;
  /** Undefined if it takes others, too. */
  readonly argumentNames: readonly string[] | undefined;
  /** Their values are masked in all texts. */
  readonly secretArguments: readonly string[];
  private readonly key: string;
  private readonly options: MethodDeclaration['options'];
  private readonly textArguments: ReadonlySet<string>;
  private readonly nonTextArguments: ReadonlySet<string>;

  constructor(declaration: MethodDeclaration) {
    const { options, scope, key } = declaration;
    this.name = wireName(declaration);
    this.scope = scope;
    this.key = key;
    this.options = options;
    this.http = options.http;
    this.isAsync = options.async ?? true;
    this.isExclusive = scope === 'node' && options.lock !== 'shared';
    this.isAttachment = options.attach ?? false;
    this.timeout = timeoutOf(options);
    this.isRehearsable = 'rehearsal' in options && options.rehearsal === true;
    this.effect = effectOf(declaration);
    this.schema = argumentsOf(options);
    const properties = propertiesOf(this.schema);
    const takesOthers =
      this.schema.def.catchall !== undefined && this.schema.def.catchall._zod.def.type !== 'never';
    this.argumentNames = takesOthers ? undefined : Object.keys(this.schema.shape);
    this.secretArguments = properties
      .filter(([, property]) => property.writeOnly === true)
      .map(([name]) => name);
    this.textArguments = new Set(
      properties.filter(([, property]) => property.type === 'string').map(([name]) => name),
    );
    this.nonTextArguments = new Set(
      properties.filter(([, property]) => !takesText(property)).map(([name]) => name),
    );
    this.listing = {
      http_methods: this.http,
      async: this.isAsync,
      description: options.description,
      attach: this.isAttachment,
      ...(scope === 'node' ? { require_exclusive_lock: this.isExclusive } : {}),
    };
  }

  parse(raw: Record<string, unknown>): Record<string, unknown> {
    return parseArguments(this.name, this.schema, raw);
  }

  /** An argument of the query. An integer whose digits a number would lose is a text, where the schema allows one. */
  typed(name: string, text: string): unknown {
    if (this.textArguments.has(name)) return text;
    const value = fromJson(text);
    const isText =
      typeof value === 'number' &&
      !this.nonTextArguments.has(name) &&
      inexactIntegerProblem(text) !== undefined;
    return isText ? text : value;
  }

  detail(source: string): MethodDetail {
    const { returns, since, deprecated } = this.options;
    return {
      ...this.listing,
      args: jsonSchema(this.schema, 'input'),
      ...(returns === undefined ? {} : { returns: jsonSchema(returns, 'output') }),
      effect: this.effect,
      ...(since === undefined ? {} : { since }),
      ...(deprecated === undefined ? {} : { deprecated }),
      timeout: this.timeout / 1000,
      package: source,
    };
  }

  /** Whether the driver validates more than the schema does. */
  get validates(): boolean {
    return typeof this.options.validate === 'function';
  }

  validate(target: object, task: Task, args: Record<string, unknown>): unknown {
    const { validate } = this.options;
    return typeof validate === 'function' ? Reflect.apply(validate, target, [task, args]) : undefined;
  }

  call(target: object, task: Task, args: Record<string, unknown>): unknown {
    const method: unknown = Reflect.get(target, this.key);
    if (typeof method !== 'function') throw new TypeError(`${this.key} is not a method.`);
    return Reflect.apply(method, target, [task, args]);
  }
}

type Property = readonly [name: string, schema: z.core.JSONSchema.JSONSchema];

function propertiesOf(schema: z.ZodObject): Property[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return Object.entries(properties).flatMap(([name, property]) =>
    typeof property === 'object' ? [[name, property] as const] : [],
  );
}

function takesText({ type, anyOf, enum: values, const: value }: z.core.JSONSchema.JSONSchema): boolean {
  if (anyOf) return anyOf.some((each) => typeof each !== 'object' || takesText(each));
  if (type === undefined) return values === undefined && value === undefined;
  const types: readonly string[] = [type].flat();
  return types.includes('string');
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The schema reports the problem.
    return text;
  }
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): JsonValue {
  return z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as JsonValue;
}
