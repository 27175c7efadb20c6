import {
  type BootDevice,
  type BootOrder,
  type ExclusiveTask,
  type Management,
  ManagementInterface,
  type SharedTask,
} from '@ferrule/driver-kit';
import { Boot, Power as SystemPower } from '@ferrule/redfish';
import { NodeBmcs } from './bmc/node-bmcs.js';

/** Ironic's devices with their values of BootSourceOverrideTarget. */
const TARGETS = {
  pxe: 'Pxe',
  disk: 'Hdd',
  cdrom: 'Cd',
  bios: 'BiosSetup',
  uefihttp: 'UefiHttp',
} as const satisfies Partial<Record<BootDevice, string>>;
type Device = keyof typeof TARGETS;

const DEVICES: ReadonlyMap<string | undefined, BootDevice> = new Map<string, BootDevice>([
  ...Object.entries(TARGETS).map(([device, target]) => [target, device as Device] as const),
  ['UsbCd', 'cdrom'],
]);

/** Ironic's management interface over the boot override of the system. */
@ManagementInterface({ name: 'redfish', bootDevices: ['pxe', 'disk', 'cdrom', 'bios', 'uefihttp'] })
export class RedfishManagement implements Management<Device> {
  constructor(private readonly bmcs: NodeBmcs) {}

  getBootDevice(task: SharedTask): Promise<BootOrder> {
    return this.bmcs.use(task, async ({ bmc, options }) => {
      const { target, enabled } = await new Boot(bmc).get(options);
      const device = DEVICES.get(target) ?? null;
      return { device, persistent: device === null ? null : enabled === 'Continuous' };
    });
  }

  async setBootDevice(
    task: ExclusiveTask,
    device: Device,
    { persistent }: { readonly persistent: boolean },
  ): Promise<void> {
    const enabled = persistent ? 'Continuous' : 'Once';
    await this.bmcs.use(task, ({ bmc, options }) =>
      new Boot(bmc).set({ target: TARGETS[device], enabled }, options),
    );
  }

  async injectNmi(task: ExclusiveTask): Promise<void> {
    await this.bmcs.use(task, ({ bmc, options }) => new SystemPower(bmc).reset('Nmi', options));
  }
}

/** Ironic's name for the same on Dell servers. */
@ManagementInterface({ name: 'idrac-redfish', bootDevices: ['pxe', 'disk', 'cdrom', 'bios', 'uefihttp'] })
export class IdracRedfishManagement extends RedfishManagement {}
