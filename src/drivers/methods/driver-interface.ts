import { InvalidParameterValue } from '@ferrule/driver-kit';
import {
  type Class,
  type ClassKind,
  interfaceOf,
  type MethodDeclaration,
  type PeriodicDeclaration,
} from '@ferrule/driver-kit/host';
import { PassthruMethod } from './passthru-method.js';

/** 400 instead of 404, as Ironic's clients expect. */
export class NoHandler extends InvalidParameterValue {
  constructor(
    private readonly method: string,
    private readonly vendorInterface: string,
    known: readonly PassthruMethod[],
  ) {
    const has = known.length > 0 ? `it has ${known.map(({ name }) => name).join(', ')}` : 'it has none';
    super(`No handler for method ${method} in vendor interface ${vendorInterface}; ${has}.`);
  }

  /** @param known those that the caller may know. */
  naming(known: readonly PassthruMethod[]): NoHandler {
    return new NoHandler(this.method, this.vendorInterface, known);
  }
}

/** An interface of an enabled hardware type, with the operations that can be called. */
export class DriverInterface {
  private readonly methods: Readonly<Record<'node' | 'driver', ReadonlyMap<string, PassthruMethod>>>;

  constructor(
    readonly kind: ClassKind,
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

  /** @throws NoHandler (400) */
  get(scope: 'node' | 'driver', name: string): PassthruMethod {
    const method = this.find(scope, name);
    if (method) return method;
    throw new NoHandler(name, this.name, this.all(scope));
  }

  all(scope: 'node' | 'driver'): readonly PassthruMethod[] {
    return [...this.methods[scope].values()];
  }
}

export function interfaceName(kind: ClassKind, target: Class): string {
  return interfaceOf(kind, target)?.name ?? target.name;
}
