import { type HttpMethod, type JsonValue, type Task } from '@ferrule/driver-kit';
import { type MethodDeclaration, milliseconds } from '@ferrule/driver-kit/host';
import { z } from 'zod';
import { parseArguments } from './arguments.js';

/** Milliseconds after which a method's task is aborted when it declares no `timeout`. */
const DEFAULT_TIMEOUT = { sync: 60_000, async: 3_600_000 };

const NO_ARGUMENTS = z.strictObject({});

/** Arguments of a call as they came: a JSON object. */
export type RawArguments = Record<string, unknown>;

/** The five keys of Ironic's listing; driver methods know no lock. */
export interface MethodListing {
  readonly http_methods: readonly HttpMethod[];
  readonly async: boolean;
  readonly description: string;
  readonly attach: boolean;
  readonly require_exclusive_lock?: boolean;
}

/** What the listing says beyond Ironic with `?detail=true`. */
export interface MethodDetail extends MethodListing {
  /** JSON Schema 2020-12 of the arguments. */
  readonly args: JsonValue;
  /** Seconds until the method's task is aborted. */
  readonly timeout: number;
  /** The npm package that the method comes from, as name@version. */
  readonly package: string;
}

/** One decorated method, ready to be called: everything a call needs is computed once, at boot. */
export class PassthruMethod {
  /** Wire name. */
  readonly name: string;
  readonly scope: 'node' | 'driver';
  readonly http: readonly HttpMethod[];
  readonly isAsync: boolean;
  readonly isExclusive: boolean;
  readonly isAttachment: boolean;
  /** Milliseconds. */
  readonly timeout: number;
  readonly schema: z.ZodObject;
  readonly listing: MethodListing;
  /** Names of the arguments that are `writeOnly`: their values are kept out of every text. */
  readonly secretArguments: readonly string[];
  private readonly key: string;
  private readonly isText: ReadonlySet<string>;

  constructor(declaration: MethodDeclaration) {
    const { options, scope, key } = declaration;
    this.name = wireName(declaration);
    this.scope = scope;
    this.key = key;
    this.http = options.http;
    this.isAsync = options.async ?? true;
    this.isExclusive = scope === 'node' && options.lock !== 'shared';
    this.isAttachment = options.attach ?? false;
    this.timeout = options.timeout
      ? milliseconds(options.timeout)
      : DEFAULT_TIMEOUT[this.isAsync ? 'async' : 'sync'];
    this.schema = refusingSurplus(options.args ?? NO_ARGUMENTS);
    const properties = propertiesOf(this.schema);
    this.secretArguments = properties
      .filter(([, property]) => property.writeOnly === true)
      .map(([name]) => name);
    this.isText = new Set(
      properties.filter(([, property]) => property.type === 'string').map(([name]) => name),
    );
    this.listing = {
      http_methods: this.http,
      async: this.isAsync,
      description: options.description ?? '',
      attach: this.isAttachment,
      ...(scope === 'node' ? { require_exclusive_lock: this.isExclusive } : {}),
    };
  }

  /**
   * The arguments as the method wants them.
   * @throws InvalidParameterValue or MissingParameterValue naming the first ten arguments that are wrong.
   */
  parse(raw: RawArguments): Record<string, unknown> {
    return parseArguments(this.name, this.schema, raw);
  }

  /** An argument from a query, in the type that the schema has for it. */
  typed(name: string, text: string): unknown {
    return this.isText.has(name) ? text : fromJson(text);
  }

  detail(source: string): MethodDetail {
    const args = z.toJSONSchema(this.schema, { io: 'input', unrepresentable: 'any' }) as JsonValue;
    return { ...this.listing, args, timeout: this.timeout / 1000, package: source };
  }

  /** Calls the method on the object that has it. */
  call(target: object, task: Task, args: Record<string, unknown>): unknown {
    const method: unknown = Reflect.get(target, this.key);
    if (typeof method !== 'function') throw new TypeError(`${this.key} is no method.`);
    return Reflect.apply(method, target, [task, args]);
  }
}

/** `flashFirmware` is `flash_firmware` on the wire, and `readSEL` is `read_sel`. */
export function wireName(declaration: MethodDeclaration): string {
  return (
    declaration.options.name ??
    declaration.key
      .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
      .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
      .toLowerCase()
  );
}

/** Zod's plain object drops what it does not know; a passthru call has to hear of it. */
function refusingSurplus(schema: z.ZodObject): z.ZodObject {
  return schema.def.catchall === undefined ? schema.strict() : schema;
}

type Property = readonly [name: string, schema: z.core.JSONSchema.JSONSchema];

/** An author marks a secret argument as JSON Schema does: `.meta({ writeOnly: true })`. */
function propertiesOf(schema: z.ZodObject): Property[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return Object.entries(properties).flatMap(([name, property]) =>
    typeof property === 'object' ? [[name, property] as const] : [],
  );
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Left as text: the schema says what is wrong with it.
    return text;
  }
}
