import {
  type FerruleError,
  InvalidParameterValue,
  type InterfaceKind,
  type TaskNode,
} from '@ferrule/driver-kit';
import { Logger } from '@nestjs/common';
import { type z } from 'zod';
import { redactor, secretsOf } from '../secrets/redact.js';
import { copyOf } from './copy-of.js';
import { checkDriverInfo } from './driver-info.js';
import { errorOfDriver } from './execution/driver-error.js';
import { messageOf } from './execution/method-errors.js';
import { isFailure, stackOf } from './execution/method-failure.js';
import { isAbsent } from './interface-defaults.js';
import { withMisspeltKeys } from './misspelt-keys.js';
import { type ComposedDriver } from './packages/composition.js';
import { validatedInTime } from './validation-limit.js';
import { type VendorInterface } from './vendor-interface.js';

/** Checks beyond the schema of driver_info; its errors reach the caller. */
interface ValidatingHardwareType {
  validate(node: TaskNode): unknown;
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

  get driverInfo(): z.ZodObject | undefined {
    return this.composed.loaded.options.driverInfo;
  }

  get properties(): Readonly<Record<string, string>> {
    const shape: Readonly<Record<string, z.core.$ZodType & { description?: string | undefined }>> =
      this.driverInfo?.shape ?? {};
    return Object.fromEntries(Object.entries(shape).map(([key, schema]) => [key, schema.description ?? '']));
  }

  /** @throws what the driver throws, as a copy without secrets; failures are logged. */
  async validateNode(node: TaskNode, requestId: string): Promise<void> {
    try {
      if (this.driverInfo) checkDriverInfo(this.name, node.uuid, this.driverInfo, copyOf(node.driverInfo));
      if (validates(this.hardwareType)) {
        await validatedInTime(this.name, this.hardwareType.validate(copyOf(node)));
      }
    } catch (thrown) {
      const error = this.failedCheck(node, requestId, thrown);
      throw withMisspeltKeys(error, Object.keys(this.properties), node.driverInfo);
    }
  }

  private failedCheck(node: TaskNode, requestId: string, thrown: unknown): FerruleError {
    const redact = redactor(() => secretsOf(node, [], {}));
    const check = `The check of node ${node.uuid} by driver ${this.name}`;
    const error = errorOfDriver(check, thrown, redact);
    if (isFailure(error)) {
      const { from } = this.composed.loaded;
      const reason = redact(messageOf(thrown));
      this.logger.error(
        `${requestId}: ${check} of ${from.package}@${from.version} failed: ${reason}`,
        stackOf(error, redact),
      );
    }
    return error;
  }

  /** Of a node with these interfaces; its driver is checked once for all. */
  async validateInterfaces(
    node: TaskNode,
    requestId: string,
    interfaces: ReadonlyMap<InterfaceKind, string | undefined>,
  ): Promise<Record<string, ValidationResult>> {
    const problem = await this.validateNode(node, requestId).then(
      () => undefined,
      (error: unknown) => messageOf(error),
    );
    const results: Record<string, ValidationResult> = {};
    for (const [kind, name = this.defaultInterface(kind)] of interfaces) {
      const isChecked = kind === 'power' || kind === 'management';
      const reason = (isChecked ? problem : undefined) ?? this.absence(kind, name);
      results[kind] = reason === undefined ? { result: true } : { result: false, reason };
    }
    return results;
  }

  private absence(kind: InterfaceKind, name: string): string | undefined {
    return isAbsent(kind, name)
      ? `Driver ${this.name} does not support ${kind} (disabled or not implemented).`
      : undefined;
  }
}

function validates(hardwareType: object): hardwareType is ValidatingHardwareType {
  return 'validate' in hardwareType && typeof hardwareType.validate === 'function';
}
