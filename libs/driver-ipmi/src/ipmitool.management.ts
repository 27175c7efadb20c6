import {
  type BootOrder,
  type ExclusiveTask,
  type Management,
  ManagementInterface,
  type SharedTask,
} from '@ferrule/driver-kit';
import {
  bootOrderOf,
  GET_BOOT_FLAGS,
  IPMI_BOOT_DEVICES,
  type IpmiBootDevice,
  isUefi,
  KEEP_BOOT_FLAGS,
  setBootFlags,
} from './boot-flags.js';
import { IpmiRefusal } from './client/errors.js';
import { IpmiBmcs } from './client/ipmi-bmcs.js';
import { type IpmiCommand } from './client/ipmitool-call.js';
import { keepsBootFlags } from './client/ipmi-target.js';
import { rawAnswerOf } from './raw/raw-answer.js';
import { hex } from './raw/raw-bytes.js';

/**
 * Boot devices as one raw command each: `ipmitool chassis bootdev` sends several, and succeeds also if the BMC refuses
 * them.
 */
@ManagementInterface({ name: 'ipmitool', bootDevices: IPMI_BOOT_DEVICES })
export class IpmitoolManagement implements Management<IpmiBootDevice> {
  constructor(private readonly bmcs: IpmiBmcs) {}

  async getBootDevice(task: SharedTask): Promise<BootOrder> {
    const answer = await this.bmcs.run(task, bootCommand(GET_BOOT_FLAGS, true));
    return bootOrderOf(rawAnswerOf(answer).bytes);
  }

  async setBootDevice(
    task: ExclusiveTask,
    device: IpmiBootDevice,
    { persistent }: { readonly persistent: boolean },
  ): Promise<void> {
    if (keepsBootFlags(task.node.driverInfo)) await this.keepFlags(task);
    await this.bmcs.run(task, bootCommand(setBootFlags(device, persistent, isUefi(task.node)), false));
  }

  async injectNmi(task: ExclusiveTask): Promise<void> {
    const words = ['chassis', 'power', 'diag'];
    await this.bmcs.run(task, { words, operation: words.join(' '), isReading: false });
  }

  /** A BMC without this parameter sets the boot device all the same. */
  private async keepFlags(task: ExclusiveTask): Promise<void> {
    try {
      await this.bmcs.run(task, bootCommand(KEEP_BOOT_FLAGS, false));
    } catch (error) {
      if (!(error instanceof IpmiRefusal)) throw error;
    }
  }
}

function bootCommand(bytes: readonly number[], isReading: boolean): IpmiCommand {
  const operation = isReading ? 'get boot options' : 'set boot options';
  return { words: ['raw', ...bytes.map(hex)], operation, isReading };
}
