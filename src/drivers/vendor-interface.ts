import { InvalidParameterValue } from '@ferrule/driver-kit';
import {
  type Class,
  type MethodDeclaration,
  type PeriodicDeclaration,
  vendorInterfaceOf,
} from '@ferrule/driver-kit/host';
import { PassthruMethod } from './execution/passthru-method.js';

export class VendorInterface {
  private readonly methods: Readonly<Record<'node' | 'driver', ReadonlyMap<string, PassthruMethod>>>;

  constructor(
    readonly name: string,
    readonly source: string,
    readonly target: object,
    declared: readonly MethodDeclaration[],
    readonly periodics: readonly PeriodicDeclaration[] = [],
  ) {
    const compiled = declared.map((declaration) => new PassthruMethod(declaration));
    const ofScope = (scope: 'node' | 'driver') =>
      new Map(compiled.filter((method) => method.scope === scope).map((method) => [method.name, method]));
    this.methods = { node: ofScope('node'), driver: ofScope('driver') };
  }

  find(scope: 'node' | 'driver', name: string): PassthruMethod | undefined {
    return this.methods[scope].get(name);
  }

  /** @throws InvalidParameterValue (400 instead of 404, as Ironic's clients expect). */
  get(scope: 'node' | 'driver', name: string): PassthruMethod {
    const method = this.find(scope, name);
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
