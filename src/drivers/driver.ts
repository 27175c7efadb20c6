import {
  FerruleError,
  InvalidParameterValue,
  type InterfaceKind,
  type TaskNode,
  UnsupportedDriverExtension,
} from '@ferrule/driver-kit';
import { Logger } from '@nestjs/common';
import { type z } from 'zod';
import { redactor, secretsOf } from '../secrets/redact.js';
import { checkDriverInfo } from './driver-info.js';
import { errorOfDriver } from './execution/driver-error.js';
import { messageOf } from './execution/method-errors.js';
import { isFailure, stacksOf } from './execution/method-failure.js';
import { isAbsent } from './interface-defaults.js';
import { type ComposedDriver } from './packages/composition.js';
import { validatedInTime } from './validation-limit.js';
import { type VendorInterface } from './vendor-interface.js';

/** Checks beyond the schema of driver_info; its errors reach the caller. */
interface ValidatingHardwareType {
  validate(node: TaskNode): void | Promise<void>;
}

export interface ValidationResult {
  readonly result: boolean;
  readonly reason?: string;
}

export class Driver {
  readonly name: string;
  readonly description: string;
  private readonly logger = new Logger(Driver.name);
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

  assertSupports(kind: InterfaceKind, name: string): void {
    if (!this.composed.enabled[kind].includes(name)) throw this.unsupported(kind, name);
  }

  vendorInterface(name: string): VendorInterface {
    const found = this.vendor.get(name);
    if (found) return found;
    throw this.unsupported('vendor', name);
  }

  private unsupported(kind: InterfaceKind, name: string): InvalidParameterValue {
    const isElsewhere = this.all.some(({ enabled }) => enabled[kind].includes(name));
    const problem = isElsewhere
      ? `${kind} interface implementation '${name}' is not supported by hardware type ${this.name}.`
      : `Could not find the ${kind} interface '${name}' for hardware type ${this.name}.`;
    return new InvalidParameterValue(
      `${problem} Valid interfaces are ${this.enabledInterfaces(kind).join(', ')}.`,
    );
  }

  get properties(): Readonly<Record<string, string>> {
    const shape: Readonly<Record<string, z.core.$ZodType & { description?: string | undefined }>> =
      this.composed.loaded.options.driverInfo?.shape ?? {};
    return Object.fromEntries(Object.entries(shape).map(([key, schema]) => [key, schema.description ?? '']));
  }

  /** @throws what the driver throws, as a copy without secrets; failures are logged. */
  async validateNode(node: TaskNode): Promise<void> {
    try {
      const schema = this.composed.loaded.options.driverInfo;
      if (schema) checkDriverInfo(this.name, node.uuid, schema, node.driverInfo);
      if (validates(this.hardwareType)) await validatedInTime(this.name, this.hardwareType.validate(node));
    } catch (thrown) {
      throw this.failedCheck(node, thrown);
    }
  }

  private failedCheck(node: TaskNode, thrown: unknown): FerruleError {
    const redact = redactor(() => secretsOf(node, [], {}));
    const error = errorOfDriver(`The check of node ${node.uuid} by driver ${this.name}`, thrown, redact);
    if (isFailure(error)) {
      const { from } = this.composed.loaded;
      this.logger.error(
        `The check of node ${node.uuid} by driver ${this.name} of ${from.package}@${from.version} failed: ${redact(messageOf(thrown))}`,
        stacksOf(error).join('\nCaused by: '),
      );
    }
    return error;
  }

  async validateInterface(
    kind: InterfaceKind,
    node: TaskNode,
    name = this.defaultInterface(kind),
  ): Promise<ValidationResult> {
    try {
      if (kind === 'power' || kind === 'management') await this.validateNode(node);
      if (isAbsent(kind, name)) {
        throw new UnsupportedDriverExtension(
          `Driver ${this.name} does not support ${kind} (disabled or not implemented).`,
        );
      }
      return { result: true };
    } catch (error) {
      const reason = FerruleError.is(error) ? error.message : `Unexpected error in ${kind} validation.`;
      return { result: false, reason };
    }
  }
}

function validates(hardwareType: object): hardwareType is ValidatingHardwareType {
  return 'validate' in hardwareType && typeof hardwareType.validate === 'function';
}
