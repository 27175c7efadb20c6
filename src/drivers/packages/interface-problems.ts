import { HTTP_METHODS } from '@ferrule/driver-kit';
import {
  type Class,
  LONGEST_TIMER,
  type MethodDeclaration,
  methodsOf,
  milliseconds,
  vendorInterfaceOf,
} from '@ferrule/driver-kit/host';
import { reasonOf } from '../../logging/reason-of.js';
import { RESERVED_ARGUMENTS } from '../execution/arguments.js';
import { wireName } from '../execution/passthru-method.js';
import { optionProblems } from './option-problems.js';
import { interfaceName } from '../vendor-interface.js';

/** A method of this name could not be called, because the path lists the methods. */
const RESERVED_METHOD = 'methods';

export function interfaceProblems(vendorInterface: Class): string[] {
  const name = interfaceName(vendorInterface);
  if (!vendorInterfaceOf(vendorInterface)) return [`Class ${name} has no @VendorInterface.`];
  const declared = methodsOf(vendorInterface);
  const problems = declared.flatMap((declaration) =>
    methodProblems(declaration).map((problem) => `Method '${wireName(declaration)}' ${problem}.`),
  );
  return [...problems, ...duplicates(declared)].map((problem) => `Vendor interface '${name}': ${problem}`);
}

function methodProblems(declaration: MethodDeclaration): string[] {
  const misused = optionProblems(declaration);
  if (misused.length > 0) return misused;
  const { options } = declaration;
  const name = wireName(declaration);
  const verbs: readonly string[] = options.http;
  const reserved = Object.keys(options.args?.shape ?? {}).filter((key) => RESERVED_ARGUMENTS.includes(key));
  return [
    ...(name === RESERVED_METHOD ? ['has a reserved name'] : []),
    ...(/^[^/?#\s]+$/.test(name) ? [] : ['has a name that is not a path segment']),
    ...(verbs.length === 0 ? ['has no HTTP verb'] : []),
    ...verbs
      .filter((verb) => !HTTP_METHODS.some((known) => known === verb))
      .map((verb) => `has an unknown verb ${verb}; there are ${HTTP_METHODS.join(', ')}`),
    ...reserved.map((key) => `has an argument with the reserved name '${key}'`),
    ...timeoutProblems(options.timeout),
  ];
}

function timeoutProblems(timeout: string | undefined): string[] {
  if (timeout === undefined) return [];
  try {
    const length = milliseconds(timeout);
    if (length === 0) return ['has a timeout of 0'];
    return length > LONGEST_TIMER ? [`has the timeout '${timeout}', which is longer than 24 days`] : [];
  } catch (error) {
    return [`has an invalid timeout: ${reasonOf(error).replace(/\.$/, '')}`];
  }
}

function duplicates(declared: readonly MethodDeclaration[]): string[] {
  const keys = declared.map((declaration) => `${declaration.scope} method '${wireName(declaration)}'`);
  const twice = new Set(keys.filter((key, index) => keys.indexOf(key) !== index));
  return [...twice].map((key) => `There is more than one ${key}.`);
}
