import {
  FerruleError,
  type InvalidParameterValue,
  type InterfaceKind,
  type TaskNode,
} from '@ferrule/driver-kit';
import { checkDriverInfo } from '@ferrule/driver-kit/host';
import { type z } from 'zod';
import { redactor, secretsOf } from '../secrets/redact.js';
import { unsupportedInterface } from '../conductors/roster/described-driver.js';
import { copyOf } from './copy-of.js';
import { propertiesOf } from './driver-descriptions.js';
import { messageOf } from './execution/method-errors.js';
import { isAbsent } from './methods/interface-defaults.js';
import { withMisspeltKeys } from './misspelt-keys.js';
import { type ComposedDriver } from './packages/composition.js';
import { Validation } from './validation/validation.js';
import {
  validateByInterface,
  validateByMethod,
  type ValidatedCall,
  validatesCalls,
  validatesNodes,
} from './validation/validators.js';
import { type VendorInterface } from './methods/vendor-interface.js';

type Identity = Pick<ValidatedCall, 'requestId' | 'caller'>;

export interface ValidationResult {
  readonly result: boolean;
  readonly reason?: string;
}

export class Driver {
  readonly name: string;
  readonly description: string;
  private readonly vendor: ReadonlyMap<string, VendorInterface>;

  constructor(
    private readonly composed: ComposedDriver,
    private readonly hardwareType: object,
    vendor: readonly VendorInterface[],
    /** Distinguishes an interface of another enabled type from an unknown one. */
    private readonly all: readonly ComposedDriver[],
  ) {
    this.name = composed.loaded.options.name;
    this.description = composed.loaded.options.description ?? '';
    this.vendor = new Map(vendor.map((each) => [each.name, each]));
  }

  enabledInterfaces(kind: InterfaceKind): readonly string[] {
    return this.composed.enabled[kind];
  }

  defaultInterface(kind: InterfaceKind): string {
    return this.composed.defaults[kind];
  }

  findVendorInterface(name: string): VendorInterface | undefined {
    return this.vendor.get(name);
  }

  vendorInterface(name: string): VendorInterface {
    const found = this.vendor.get(name);
    if (found) return found;
    throw this.unsupported('vendor', name);
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
      const reason = (isChecked ? problem : undefined) ?? this.absence(kind, name);
      results[kind] = resultOf(reason);
    }
    if (this.isVendorOnly) {
      const reason =
        problem ??
        this.absence('vendor', vendorInterface) ??
        (await problemOf(() => this.validateVendor(node, identity, vendorInterface)));
      results['vendor'] = resultOf(reason);
    }
    return results;
  }

  private validateVendor(node: TaskNode, identity: Identity, name: string): Promise<void> | undefined {
    const vendorInterface = this.vendorInterface(name);
    return validateByInterface(this.name, node, { ...identity, httpMethod: 'GET', vendorInterface });
  }

  /** It names no interface but vendor ones; other types answer as Ironic's, without `vendor`. */
  private get isVendorOnly(): boolean {
    return Object.keys(this.composed.loaded.options.interfaces).every((kind) => kind === 'vendor');
  }

  private absence(kind: InterfaceKind, name: string): string | undefined {
    return isAbsent(kind, name)
      ? `Driver ${this.name} does not support ${kind} (disabled or not implemented).`
      : undefined;
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
