import { HTTP_METHODS, InvalidParameterValue } from '@ferrule/driver-kit';
import {
  type Class,
  type MethodDeclaration,
  milliseconds,
  methodsOf,
  vendorInterfaceOf,
} from '@ferrule/driver-kit/host';
import { RESERVED_ARGUMENTS } from './execution/arguments.js';
import { PassthruMethod, wireName } from './execution/passthru-method.js';

/** A method of this name could not be called, because the path lists the methods. */
const RESERVED_METHOD = 'methods';

export class VendorInterface {
  private readonly methods: Readonly<Record<'node' | 'driver', ReadonlyMap<string, PassthruMethod>>>;

  constructor(
    readonly name: string,
    readonly source: string,
    readonly target: object,
    declared: readonly MethodDeclaration[],
  ) {
    const compiled = declared.map((declaration) => new PassthruMethod(declaration));
    const ofScope = (scope: 'node' | 'driver') =>
      new Map(compiled.filter((method) => method.scope === scope).map((method) => [method.name, method]));
    this.methods = { node: ofScope('node'), driver: ofScope('driver') };
  }

  /** @throws InvalidParameterValue (400 instead of 404, as Ironic's clients expect). */
  get(scope: 'node' | 'driver', name: string): PassthruMethod {
    const method = this.methods[scope].get(name);
    if (method) return method;
    const known = [...this.methods[scope].keys()];
    const has = known.length > 0 ? `it has ${known.join(', ')}` : 'it has none';
    throw new InvalidParameterValue(
      `No handler for method ${name} in vendor interface ${this.name}; ${has}.`,
    );
  }

  all(scope: 'node' | 'driver'): readonly PassthruMethod[] {
    return [...this.methods[scope].values()];
  }
}

export function interfaceName(vendorInterface: Class): string {
  return vendorInterfaceOf(vendorInterface)?.name ?? vendorInterface.name;
}

export function problemsOf(vendorInterface: Class): string[] {
  const name = interfaceName(vendorInterface);
  if (!vendorInterfaceOf(vendorInterface)) return [`Class ${name} has no @VendorInterface.`];
  const declared = methodsOf(vendorInterface);
  const problems = declared.flatMap((declaration) =>
    methodProblems(declaration).map((problem) => `Method '${wireName(declaration)}' ${problem}.`),
  );
  return [...problems, ...duplicates(declared)].map((problem) => `Vendor interface '${name}': ${problem}`);
}

function methodProblems(declaration: MethodDeclaration): string[] {
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
      .map((verb) => `has an unknown verb ${verb}`),
    ...reserved.map((key) => `has an argument with the reserved name '${key}'`),
    ...timeoutProblem(options.timeout),
  ];
}

function timeoutProblem(timeout: string | undefined): string[] {
  try {
    if (timeout !== undefined) milliseconds(timeout);
    return [];
  } catch (error) {
    return [`has an invalid timeout: ${error instanceof Error ? error.message.replace(/\.$/, '') : timeout}`];
  }
}

function duplicates(declared: readonly MethodDeclaration[]): string[] {
  const keys = declared.map((declaration) => `${declaration.scope} method '${wireName(declaration)}'`);
  const twice = new Set(keys.filter((key, index) => keys.indexOf(key) !== index));
  return [...twice].map((key) => `There is more than one ${key}.`);
}
