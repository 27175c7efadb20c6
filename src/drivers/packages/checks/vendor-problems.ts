import { HTTP_METHODS } from '@ferrule/driver-kit';
import {
  type Class,
  hasStandardDecorators,
  interfaceOf,
  type MethodDeclaration,
  methodsOf,
  periodicsOf,
  wireName,
} from '@ferrule/driver-kit/host';
import { z } from 'zod';
import { RESERVED_ARGUMENTS } from '../../methods/arguments.js';
import { UNNAMED_INTERFACE } from '../../methods/interface-defaults.js';
import { nearest } from '../../../text/nearest.js';
import { isReadable, optionProblems, periodicProblems, timeoutProblems } from './option-problems.js';
import { located } from './package-problem.js';
import { schemaProblems } from './schema-problems.js';
import { NAME, wrongOptions } from './wrong-options.js';

/** A method of this name could not be called, because the path lists the methods. */
const RESERVED_METHOD = 'methods';

/** The service calls a method of this name before each call, as the check of the interface. */
const CHECK_METHOD = 'validate';

const INTERFACE = z.strictObject({ name: NAME });

export function vendorProblems(name: string, vendorInterface: Class): string[] {
  const place = { package: name, class: vendorInterface.name };
  const declared = methodsOf(vendorInterface);
  return [
    ...classProblems(vendorInterface, declared).map((problem) => located(place, problem)),
    ...declared.flatMap((declaration) =>
      methodProblems(declaration).map((problem) =>
        located({ ...place, method: declaration.key }, `it ${problem}`),
      ),
    ),
    ...[...declared, ...periodicsOf(vendorInterface)].flatMap(({ key }) =>
      absenceProblems(vendorInterface, key).map((problem) => located({ ...place, method: key }, problem)),
    ),
    ...periodicsOf(vendorInterface).flatMap((declaration) =>
      periodicProblems(declaration)
        .map((problem) => `its @Periodic ${problem}`)
        .concat(checkNameProblems(declaration.key).map((problem) => `it ${problem}`))
        .map((problem) => located({ ...place, method: declaration.key }, problem)),
    ),
    ...duplicates(declared).map((problem) => located(place, problem)),
  ];
}

function classProblems(vendorInterface: Class, declared: readonly MethodDeclaration[]): string[] {
  const options = interfaceOf('vendor', vendorInterface);
  if (options === undefined)
    return ['it is a vendor interface of a hardware type, but has no @VendorInterface'];
  const problems = wrongOptions(INTERFACE, options).map((problem) => `its @VendorInterface ${problem}`);
  if (hasStandardDecorators(vendorInterface)) {
    const needed = '"experimentalDecorators": true and "emitDecoratorMetadata": true';
    problems.push(
      `its decorators are compiled as standard ones, so its methods are unknown; set ${needed} in tsconfig.json`,
    );
  } else if (
    declared.length === 0 &&
    periodicsOf(vendorInterface).length === 0 &&
    options.name !== UNNAMED_INTERFACE.vendor
  ) {
    problems.push(
      'it has no method with @Passthru, @DriverPassthru or @Periodic; for a node without methods use NoVendor',
    );
  }
  return problems;
}

/** The compiler refuses it; in plain JavaScript the key is a text, which may be misspelt. */
function absenceProblems({ prototype }: Class, key: string): string[] {
  const known = functionsOf(prototype);
  if (known.includes(key)) return [];
  const meant = nearest(key, known);
  const guess = meant === undefined ? '' : `; did you mean '${meant}'?`;
  return [`it is decorated, but the class has no method of this name${guess}`];
}

/** Names of the methods, also of inherited ones. Getters are not called. */
export function functionsOf(prototype: unknown): string[] {
  if (typeof prototype !== 'object' || prototype === null || prototype === Object.prototype) return [];
  const own = Object.entries(Object.getOwnPropertyDescriptors(prototype))
    .filter(([name, { value }]) => name !== 'constructor' && typeof value === 'function')
    .map(([name]) => name);
  return [...own, ...functionsOf(Object.getPrototypeOf(prototype))];
}

/** @param further what else the author has to do. */
function checkNameProblems(key: string, further = ''): string[] {
  return key === CHECK_METHOD
    ? [`has the name of the interface's check; name the method differently${further}`]
    : [];
}

function methodProblems(declaration: MethodDeclaration): string[] {
  const misused = optionProblems(declaration);
  if (!isReadable(declaration)) return misused;
  const { options } = declaration;
  const name = wireName(declaration);
  const verbs: readonly string[] = options.http;
  const reserved = Object.keys(options.args?.shape ?? {}).filter((key) => RESERVED_ARGUMENTS.includes(key));
  return [
    ...misused,
    ...checkNameProblems(declaration.key, " and give it `name: 'validate'`"),
    ...(name === RESERVED_METHOD ? [`has the reserved name '${name}'`] : []),
    ...(/^[^/?#\s\p{Cc}]+$/u.test(name) ? [] : [`has the name '${name}', which is not a path segment`]),
    ...(verbs.length === 0 ? ['has no HTTP verb'] : []),
    ...verbs
      .filter((verb) => !HTTP_METHODS.some((known) => known === verb))
      .map((verb) => `has an unknown verb ${verb}; there are ${HTTP_METHODS.join(', ')}`),
    ...reserved.map((key) => `has an argument with the reserved name '${key}'`),
    ...(options.args === undefined ? [] : schemaProblems(options.args)),
    ...timeoutProblems(options.timeout),
  ];
}

function duplicates(declared: readonly MethodDeclaration[]): string[] {
  const keysByName = new Map<string, string[]>();
  for (const declaration of declared) {
    const name = `${declaration.scope} method '${wireName(declaration)}'`;
    keysByName.set(name, [...(keysByName.get(name) ?? []), declaration.key]);
  }
  return [...keysByName]
    .filter(([, keys]) => keys.length > 1)
    .map(([name, keys]) => `it has more than one ${name}: ${keys.join(', ')}`);
}
