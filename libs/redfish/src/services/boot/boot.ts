import { RedfishArgumentError, RedfishNotFoundError, RedfishUnsupportedError } from '../../errors.js';
import { linkOf, textAt, textsOf, valueAt, type JsonObject } from '../../json.js';
import type { CallOptions } from '../../types.js';
import type { RedfishClient } from '../client.js';
import { RedfishMissingError } from '../service-errors.js';

/** From where a system boots next. */
export interface BootOverride {
  /** Such as `Pxe`, `Cd`, `Hdd` and `UefiHttp`; `None` without an override. */
  readonly target: string | undefined;
  /** `Disabled`, `Once` or `Continuous`. */
  readonly enabled: string | undefined;
  /** `UEFI` or `Legacy`. */
  readonly mode: string | undefined;
  /** The values that the BMC publishes for each; empty if it publishes none. */
  readonly targets: readonly string[];
  readonly enables: readonly string[];
  readonly modes: readonly string[];
}

/** An override to set. */
export interface WantedBoot {
  readonly target: string;
  /** Default: `Once`. */
  readonly enabled?: 'Once' | 'Continuous' | 'Disabled' | undefined;
  /** Default: the present one, which is not sent, since some BMCs refuse that. */
  readonly mode?: 'UEFI' | 'Legacy' | undefined;
}

/**
 * The boot override of a system.
 *
 * ```ts
 * const boot = new Boot(bmc);
 * await boot.set({ target: 'Pxe' });
 * console.log((await boot.get()).enabled); // Once
 * ```
 */
export class Boot {
  constructor(readonly bmc: RedfishClient) {}

  /** @throws RedfishMissingError if the system has no Boot */
  async get(options: CallOptions = {}): Promise<BootOverride> {
    const { body, url } = await this.bmc.system(options);
    if (valueAt(body, 'Boot') === undefined) throw new RedfishMissingError('Boot', url);
    return overrideOf(body);
  }

  /**
   * Sets the override in the settings object of the system, or in the system where it has none.
   *
   * @throws RedfishArgumentError with the values that there are, for one that the BMC does not publish
   * @throws RedfishValidationError for what the BMC refuses
   */
  async set({ target, enabled = 'Once', mode }: WantedBoot, options: CallOptions = {}): Promise<void> {
    const { body, url } = await this.bmc.system(options);
    const now = overrideOf(body);
    // Supermicro offers virtual CDs under this name only.
    const isUsbCd = target === 'Cd' && !now.targets.includes('Cd') && now.targets.includes('UsbCd');
    const named = isUsbCd ? 'UsbCd' : target;
    check('BootSourceOverrideTarget', named, now.targets);
    check('BootSourceOverrideEnabled', enabled, now.enables);
    if (mode !== undefined) check('BootSourceOverrideMode', mode, now.modes);
    const boot = {
      BootSourceOverrideTarget: named,
      BootSourceOverrideEnabled: enabled,
      ...(mode !== undefined && mode !== now.mode && { BootSourceOverrideMode: mode }),
    };
    const system = linkOf(body) ?? new URL(url).pathname;
    const settings = linkOf(valueAt(body, '@Redfish.Settings', 'SettingsObject'));
    try {
      await this.bmc.patch(settings ?? system, { Boot: boot }, options);
    } catch (error) {
      const isElsewhere = error instanceof RedfishNotFoundError || error instanceof RedfishUnsupportedError;
      if (settings === undefined || !isElsewhere) throw error;
      await this.bmc.patch(system, { Boot: boot }, options);
    }
  }

  /** Removes the override. */
  async clear(options: CallOptions = {}): Promise<void> {
    await this.set({ target: 'None', enabled: 'Disabled' }, options);
  }
}

function overrideOf(body: JsonObject): BootOverride {
  const at = (name: string): string | undefined => textAt(body, 'Boot', `BootSourceOverride${name}`);
  const of = (name: string): string[] =>
    textsOf(valueAt(body, 'Boot', `BootSourceOverride${name}@Redfish.AllowableValues`));
  return {
    target: at('Target'),
    enabled: at('Enabled'),
    mode: at('Mode'),
    targets: of('Target'),
    enables: of('Enabled'),
    modes: of('Mode'),
  };
}

function check(property: string, value: string, allowed: readonly string[]): void {
  if (allowed.length === 0 || allowed.includes(value)) return;
  const text = `The system has no ${property} ${value}: it has ${allowed.join(', ')}.`;
  throw new RedfishArgumentError(property, text, allowed);
}
