import {
  FerruleError,
  type InvalidParameterValue,
  type InterfaceKind,
  type TaskNode,
  UnsupportedDriverExtension,
} from '@ferrule/driver-kit';
import { checkDriverInfo, type ClassKind, isClassKind } from '@ferrule/driver-kit/host';
import { type z } from 'zod';
import { redactor, secretsOf } from '../secrets/redact.js';
import { unsupportedInterface } from '../conductors/roster/described-driver.js';
import { copyOf } from './copy-of.js';
import { propertiesOf } from './driver-descriptions.js';
import { messageOf } from './execution/method-errors.js';
import { doesNothing, isAbsent } from './methods/interface-defaults.js';
import { withMisspeltKeys } from './misspelt-keys.js';
import { type ComposedDriver } from './packages/composition.js';
import { Validation } from './validation/validation.js';
import {
  validateByInterface,
  probesNodes,
  validateByMethod,
  type ValidatedCall,
  validatesCalls,
  validatesNodes,
} from './validation/validators.js';
import { type DriverInterface } from './methods/driver-interface.js';

type Identity = Pick<ValidatedCall, 'requestId' | 'caller'>;

export interface ValidationResult {
  readonly result: boolean;
  readonly reason?: string;
}

export class Driver {
  readonly name: string;
  readonly description: string;
  private readonly interfaces: Readonly<Record<ClassKind, ReadonlyMap<string, DriverInterface>>>;

  constructor(
    private readonly composed: ComposedDriver,
    private readonly hardwareType: object,
    interfaces: readonly DriverInterface[],
    /** Distinguishes an interface of another enabled type from an unknown one. */
    private readonly all: readonly ComposedDriver[],
  ) {
    this.name = composed.loaded.options.name;
    this.description = composed.loaded.options.description ?? '';
    const ofKind = (kind: ClassKind) =>
      new Map(interfaces.filter((each) => each.kind === kind).map((each) => [each.name, each]));
    this.interfaces = {
      management: ofKind('management'),
      power: ofKind('power'),
      vendor: ofKind('vendor'),
    };
  }

  enabledInterfaces(kind: InterfaceKind): readonly string[] {
    return this.composed.enabled[kind];
  }

  defaultInterface(kind: InterfaceKind): string {
    return this.composed.defaults[kind];
  }

  findInterface(kind: ClassKind, name: string): DriverInterface | undefined {
    return this.interfaces[kind].get(name);
  }

  /** @throws UnsupportedDriverExtension (400) for a name that nothing stands behind; InvalidParameterValue (400) */
  interface(kind: ClassKind, name: string): DriverInterface {
    const found = this.findInterface(kind, name);
    if (found) return found;
    const isName = this.enabledInterfaces(kind).includes(name);
    throw isName
      ? new UnsupportedDriverExtension(this.absence(kind, name) ?? this.notImplemented(kind))
      : this.unsupported(kind, name);
  }

  private unsupported(kind: InterfaceKind, name: string): InvalidParameterValue {
    const isElsewhere = this.all.some(({ enabled }) => enabled[kind].includes(name));
    return unsupportedInterface(this.name, kind, name, this.enabledInterfaces(kind), isElsewhere);
  }

  get driverInfo(): z.ZodObject | undefined {
    return this.composed.loaded.options.driverInfo;
  }

  get properties(): Readonly<Record<string, string>> {
    return propertiesOf(this.composed);
  }

  /**
   * Validates the node for a call, then what the vendor interface and the method validate.
   * @returns undefined if nothing is left to wait for.
   * @throws what the driver throws, as a copy without secrets; failures are logged.
   */
  validateCall(node: TaskNode | null, call: ValidatedCall): Promise<void> | undefined {
    const ofNode = node ? this.validateNode(node, call) : undefined;
    const hasMore = call.method.validates || (node && validatesCalls(call.vendorInterface.target));
    return hasMore ? this.validateRest(ofNode, node, call) : ofNode;
  }

  private async validateRest(
    ofNode: Promise<void> | undefined,
    node: TaskNode | null,
    call: ValidatedCall,
  ): Promise<void> {
    await ofNode;
    if (node) await validateByInterface(this.name, node, call);
    await validateByMethod(this.name, node, call);
  }

  private validateNode(given: TaskNode, { requestId, caller }: Identity): Promise<void> | undefined {
    const { hardwareType, driverInfo } = this;
    if (!driverInfo && !validatesNodes(hardwareType)) return undefined;
    const { from } = this.composed.loaded;
    const validation = new Validation(
      `The check of node ${given.uuid} by driver ${this.name}`,
      { requestId, caller, node: given },
      `${from.package}@${from.version}`,
      redactor(() => secretsOf(given, [], {})),
    );
    const node = copyOf(given);
    const validate = (): unknown => {
      if (driverInfo) checkDriverInfo(this.name, node.uuid, driverInfo, node.driverInfo);
      return validatesNodes(hardwareType) ? hardwareType.validate(node) : undefined;
    };
    try {
      return validation.run(validate)?.catch((error: unknown) => this.refuse(given, error));
    } catch (error) {
      return this.refuse(given, error);
    }
  }

  private refuse(node: TaskNode, error: unknown): never {
    if (!FerruleError.is(error)) throw error;
    throw withMisspeltKeys(error, Object.keys(this.properties), node.driverInfo);
  }

  /** Why calls of the node would be refused, without contacting its BMC; undefined if they would not. */
  problemOf(node: TaskNode, identity: Identity): Promise<string | undefined> {
    return problemOf(() => this.validateNode(node, identity));
  }

  /** What its hardware type finds out of the node's BMC, as a sentence; undefined if it does not ask BMCs itself. */
  probe(node: TaskNode, signal: AbortSignal): Promise<string> | undefined {
    const { hardwareType } = this;
    return probesNodes(hardwareType) ? hardwareType.probe(copyOf(node), signal) : undefined;
  }

  /** Of a node with these interfaces; its driver is checked once for all. */
  async validateInterfaces(
    node: TaskNode,
    identity: Identity,
    interfaces: ReadonlyMap<InterfaceKind, string | undefined>,
    vendorInterface: string,
  ): Promise<Record<string, ValidationResult>> {
    const problem = await this.problemOf(node, identity);
    const results: Record<string, ValidationResult> = {};
    for (const [kind, name = this.defaultInterface(kind)] of interfaces) {
      const isChecked = kind === 'power' || kind === 'management';
      const reason = isChecked
        ? (problem ?? (await this.problemIn(kind, name, node, identity)))
        : this.absence(kind, name);
      results[kind] = resultOf(reason);
    }
    if (this.isVendorOnly) {
      const reason = problem ?? (await this.problemIn('vendor', vendorInterface, node, identity));
      results['vendor'] = resultOf(reason);
    }
    return results;
  }

  /** Why the interface cannot be used with the node. */
  private async problemIn(
    kind: ClassKind,
    name: string,
    node: TaskNode,
    identity: Identity,
  ): Promise<string | undefined> {
    const absence = this.absence(kind, name);
    if (absence !== undefined) return absence;
    return problemOf(() => {
      const vendorInterface = this.interface(kind, name);
      return validateByInterface(this.name, node, { ...identity, httpMethod: 'GET', vendorInterface });
    });
  }

  /** It names no interface but vendor ones; other types answer as Ironic's, without `vendor`. */
  private get isVendorOnly(): boolean {
    return Object.keys(this.composed.loaded.options.interfaces).every((kind) => kind === 'vendor');
  }

  private absence(kind: InterfaceKind, name: string): string | undefined {
    if (isAbsent(kind, name)) return this.notImplemented(kind);
    const isFine = isClassKind(kind) ? this.findInterface(kind, name) !== undefined : doesNothing(kind, name);
    if (isFine || !this.enabledInterfaces(kind).includes(name)) return undefined;
    return `Nothing stands behind the ${kind} interface '${name}' of driver ${this.name}: nodes may have it, but the service does nothing with it.`;
  }

  private notImplemented(kind: InterfaceKind): string {
    return `Driver ${this.name} does not support ${kind} (disabled or not implemented).`;
  }
}

async function problemOf(validate: () => Promise<void> | undefined): Promise<string | undefined> {
  try {
    await validate();
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

function resultOf(reason: string | undefined): ValidationResult {
  return reason === undefined ? { result: true } : { result: false, reason };
}
