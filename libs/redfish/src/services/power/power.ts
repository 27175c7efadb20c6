import { RedfishArgumentError, RedfishUnsupportedError } from '../../errors.js';
import { actionTarget, textAt, type JsonObject } from '../../json.js';
import type { CallOptions, RedfishReply, RedfishResource, WriteOptions } from '../../types.js';
import type { RedfishClient } from '../client.js';
import { allowableValues } from './allowable-values.js';

const RESETS = ['#ComputerSystem.Reset', '#Manager.Reset', '#Chassis.Reset'] as const;

/** What a call is about. Default: the system of the target. */
export interface PowerOptions {
  /** A System, Manager or Chassis. */
  readonly of?: RedfishResource | undefined;
}

/**
 * The power of a system, and resets of systems, managers and chassis.
 *
 * ```ts
 * const power = new Power(bmc);
 * if ((await power.state()) === 'Off') await power.reset('On');
 * ```
 */
export class Power {
  readonly #types = new WeakMap<RedfishResource, readonly string[]>();

  constructor(readonly bmc: RedfishClient) {}

  /** `On`, `Off`, `PoweringOn` or `PoweringOff`, read from the BMC; undefined if it does not say. */
  async state(options: CallOptions = {}): Promise<string | undefined> {
    return textAt((await this.bmc.system(options)).body, 'PowerState');
  }

  /** Whether a resource offers a reset. */
  canReset({ body }: RedfishResource): boolean {
    return resetOf(body) !== undefined;
  }

  /**
   * The values of ResetType, such as `ForceRestart`, from the action or its ActionInfo; empty if there are none. The
   * ActionInfo of a resource is read once.
   */
  async resetTypes({ of, ...options }: CallOptions & PowerOptions = {}): Promise<string[]> {
    const resource = of ?? (await this.bmc.system(options));
    const known = this.#types.get(resource);
    if (known !== undefined) return [...known];
    const action = resetOf(resource.body);
    const types =
      action === undefined
        ? []
        : await allowableValues(this.bmc, resource.body, action, 'ResetType', options);
    this.#types.set(resource, types);
    return [...types];
  }

  /**
   * Resets, at most once.
   *
   * @throws RedfishArgumentError with the values that there are, for a type that the BMC does not offer
   * @throws RedfishUnsupportedError without `status` if the resource offers no reset
   */
  async reset(type: string, { of, ...options }: WriteOptions & PowerOptions = {}): Promise<RedfishReply> {
    const resource = of ?? (await this.bmc.system(options));
    const action = resetOf(resource.body);
    const target = action && actionTarget(resource.body, action);
    if (target === undefined) throw new RedfishUnsupportedError(`${resource.url} offers no reset.`);
    const types = await this.resetTypes({ of: resource, signal: options.signal, timeout: options.timeout });
    if (types.length > 0 && !types.includes(type)) {
      const text = `${resource.url} has no reset ${type}: it has ${types.join(', ')}.`;
      throw new RedfishArgumentError('ResetType', text, types);
    }
    return this.bmc.post(target, { ResetType: type }, options);
  }
}

function resetOf(body: JsonObject): string | undefined {
  return RESETS.find((action) => actionTarget(body, action) !== undefined);
}
