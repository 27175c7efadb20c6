import {
  BOOT_DEVICES,
  type BootDevice,
  type BootOrder,
  type ExclusiveTask,
  InvalidParameterValue,
  type Management,
  type ManagementInterfaceOptions,
  Passthru,
  type SharedTask,
  UnsupportedDriverExtension,
} from '@ferrule/driver-kit';
import { z } from 'zod';
import { listed } from '../../text/listed.js';

const Boot = z.strictObject({
  boot_device: z.enum(BOOT_DEVICES).describe('What to boot from.'),
  persistent: z.boolean().default(false).describe('For all boots, and not only for the next one.'),
});
type Boot = z.output<typeof Boot>;

/** What can be called of a management interface. */
export class ManagementOperations {
  constructor(
    private readonly management: Management,
    private readonly options: ManagementInterfaceOptions,
  ) {}

  validate(task: SharedTask): void | Promise<void> {
    return this.management.validate?.(task);
  }

  // The lock is Ironic's: some BMCs do not answer while the boot order is written.
  @Passthru({ http: ['GET'], async: false, effect: 'read', description: 'Ask what the server boots from' })
  async getBootDevice(
    task: ExclusiveTask,
  ): Promise<{ boot_device: BootDevice | null; persistent: boolean | null }> {
    const { device, persistent }: BootOrder = await this.management.getBootDevice(task);
    return { boot_device: device, persistent };
  }

  @Passthru({
    http: ['PUT'],
    async: false,
    args: Boot,
    description: 'Set what the server boots from',
    validate(this: ManagementOperations, _task, { boot_device }) {
      const { name, bootDevices } = this.options;
      if (bootDevices.includes(boot_device)) return;
      throw new InvalidParameterValue(
        `Invalid boot device ${boot_device} specified; the management interface ${name} supports ${listed(bootDevices)}.`,
      );
    },
  })
  async setBootDevice(task: ExclusiveTask, { boot_device, persistent }: Boot): Promise<void> {
    await this.management.setBootDevice(task, boot_device, { persistent });
  }

  @Passthru({
    http: ['GET'],
    async: false,
    lock: 'shared',
    description: 'List what the server can boot from',
  })
  getSupportedBootDevices(_task: SharedTask): { supported_boot_devices: readonly BootDevice[] } {
    return { supported_boot_devices: this.options.bootDevices };
  }

  @Passthru({
    http: ['PUT'],
    async: false,
    effect: 'disruptive',
    description: 'Send a non-maskable interrupt',
    validate(this: ManagementOperations) {
      if (this.management.injectNmi) return;
      const { name } = this.options;
      throw new UnsupportedDriverExtension(`The management interface ${name} does not support inject_nmi.`);
    },
  })
  async injectNmi(task: ExclusiveTask): Promise<void> {
    await this.management.injectNmi?.(task);
  }
}
