import { type Effect, type HardwareTypeOptions, type HttpMethod, NoVendor } from '@ferrule/driver-kit';
import {
  argumentsOf,
  type Class,
  declarationsOf,
  type DriverModuleDeclaration,
  driverModuleOf,
  effectOf,
  hardwareTypeOf,
  type MethodDeclaration,
  methodsOf,
  timeoutOf,
  interfaceOf,
  wireName,
} from '@ferrule/driver-kit/host';
import { type Type } from '@nestjs/common';
import { type z } from 'zod';
import { type JsonSchema, schemaOf } from '../arguments/json-schema.js';

/** A method as it is declared, with the defaults. */
export interface Method {
  /** With the vendor interface: `acme.flash_firmware`. */
  readonly id: string;
  readonly name: string;
  readonly key: string;
  readonly scope: 'node' | 'driver';
  readonly owner: VendorInterface;
  readonly http: readonly HttpMethod[];
  readonly isAsync: boolean;
  readonly isShared: boolean;
  readonly isAttachment: boolean;
  readonly description: string;
  /** Milliseconds. */
  readonly timeout: number;
  readonly args: z.ZodObject;
  readonly schema: JsonSchema;
  readonly effect: Effect;
  /** As it is written in the code, the same for all interfaces that inherit the method. */
  readonly declaration: MethodDeclaration;
}

export interface VendorInterface {
  readonly name: string;
  readonly type: Type<object>;
  /** The first hardware type that has it. */
  readonly hardwareType: string;
  readonly methods: readonly Method[];
}

export interface HardwareType {
  readonly name: string;
  readonly type: Type<object>;
  readonly options: HardwareTypeOptions;
}

/** What a driver module declares, without running any of it. */
export interface Subject {
  readonly module: Type<object>;
  readonly declared: DriverModuleDeclaration | undefined;
  readonly hardwareTypes: readonly HardwareType[];
  /** Without `no-vendor`. */
  readonly interfaces: readonly VendorInterface[];
  readonly methods: readonly Method[];
}

/** The settings of the package and of the shared modules that it imports, by the name of the member. */
export function settingsOf({ declared }: Subject): [name: string, field: z.ZodType][] {
  const declarations = declared ? declarationsOf('', declared) : [];
  const schemas = new Set(declarations.flatMap(({ settings }) => settings?.schema ?? []));
  return [...schemas].flatMap(({ shape }) => Object.entries(shape));
}

const NO_VENDOR = interfaceOf('vendor', NoVendor)?.name;

export function subjectOf(module: Type<object>): Subject {
  const declared = driverModuleOf(module);
  const hardwareTypes = (declared?.hardwareTypes ?? []).flatMap((type): HardwareType[] => {
    const options = hardwareTypeOf(type);
    return options ? [{ name: options.name, type, options }] : [];
  });
  const interfaces = new Map<Class, VendorInterface>();
  for (const { name, options } of hardwareTypes) {
    for (const type of options.interfaces.vendor) {
      const found = vendorInterfaceOf(type, name);
      if (found.name !== NO_VENDOR && !interfaces.has(type)) interfaces.set(type, found);
    }
  }
  const all = [...interfaces.values()];
  return { module, declared, hardwareTypes, interfaces: all, methods: all.flatMap(({ methods }) => methods) };
}

function vendorInterfaceOf(type: Type<object>, hardwareType: string): VendorInterface {
  const name = interfaceOf('vendor', type)?.name ?? type.name;
  const methods: Method[] = [];
  const owner: VendorInterface = { name, type, hardwareType, methods };
  methods.push(...methodsOf(type).map((declaration) => methodOf(declaration, owner)));
  return owner;
}

function methodOf(declaration: MethodDeclaration, owner: VendorInterface): Method {
  const { options, scope, key } = declaration;
  const name = wireName(declaration);
  const isAsync = options.async ?? true;
  const args = argumentsOf(options);
  return {
    id: `${owner.name}.${name}`,
    name,
    key,
    scope,
    owner,
    http: options.http,
    isAsync,
    isShared: scope === 'node' && options.lock === 'shared',
    isAttachment: options.attach ?? false,
    description: options.description ?? '',
    timeout: timeoutOf(options),
    args,
    schema: schemaOf(args),
    effect: effectOf(declaration),
    declaration,
  };
}
