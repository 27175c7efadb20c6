import { setTimeout as delay } from 'node:timers/promises';
import {
  DriverModule,
  type ExclusiveTask,
  HardwareType,
  Passthru,
  VendorInterface,
} from '@ferrule/driver-kit';

/** Longer than an error needs to be found. */
const MEANWHILE_MS = 100;

@VendorInterface({ name: 'stray' })
class StrayVendor {
  @Passthru({ http: ['POST'], async: false, description: 'Leave a rejected promise.' })
  async reject(_task: ExclusiveTask): Promise<void> {
    void Promise.reject(new Error('left by reject'));
    await delay(MEANWHILE_MS);
  }

  @Passthru({ http: ['POST'], async: false, description: 'Throw in a timer.' })
  async throwLater(_task: ExclusiveTask): Promise<void> {
    setTimeout(() => {
      throw new Error('left by throw_later');
    });
    await delay(MEANWHILE_MS);
  }

  @Passthru({ http: ['POST'], description: 'Leave a rejected promise in a job.' })
  async rejectInJob(_task: ExclusiveTask): Promise<void> {
    void Promise.reject(new Error('left by job'));
    await delay(MEANWHILE_MS);
  }
}

@HardwareType({
  name: 'stray',
  description: 'Hardware that loses errors.',
  interfaces: { vendor: [StrayVendor] },
})
class StrayHardware {}

/** Its methods leave errors uncaught while they run. */
@DriverModule({ kit: 1, hardwareTypes: [StrayHardware] })
export class StrayDriver {}
