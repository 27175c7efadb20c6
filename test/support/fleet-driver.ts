import {
  Conflict,
  DriverModule,
  type ExclusiveTask,
  HardwareType,
  Passthru,
  VendorInterface,
} from '@ferrule/driver-kit';
import { z } from 'zod';
import { type InstalledDrivers } from '../../src/drivers/packages/driver-package.js';

/** UUIDs of the nodes on which the method was called, in that order. */
export const touched: string[] = [];
const work = { now: 0, most: 0 };
let gate: Promise<void> | undefined;

/** How many calls ran at the same time at most. */
export function mostAtOnce(): number {
  return work.most;
}

export function forget(): void {
  touched.length = 0;
  work.most = 0;
  gate = undefined;
}

/** Calls wait until the returned function is called. */
export function closeGate(): () => void {
  let open = (): void => {};
  gate = new Promise((resolve) => (open = resolve));
  return () => open();
}

const Touch = z.object({
  level: z.number().int().max(9).default(1),
  key: z.string().optional().meta({ writeOnly: true }),
});

@VendorInterface({ name: 'touching' })
class TouchingVendor {
  /** Fails on nodes whose `extra` has `broken`. */
  @Passthru({ http: ['POST'], args: Touch, description: 'Touch it.' })
  async touch(task: ExclusiveTask): Promise<{ touched: string }> {
    const { uuid, extra } = task.node;
    touched.push(uuid);
    work.now++;
    work.most = Math.max(work.most, work.now);
    try {
      if (gate) await Promise.race([gate, aborted(task.signal)]);
    } finally {
      work.now--;
    }
    if (extra['broken'] === true) throw new Conflict('The node is broken.');
    return { touched: uuid };
  }

  @Passthru({ http: ['POST'], async: false, args: Touch, description: 'Touch it at once.' })
  touchNow(task: ExclusiveTask): { touched: string } {
    return { touched: task.node.uuid };
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
}

@VendorInterface({ name: 'other' })
class OtherVendor {
  @Passthru({ http: ['PUT'], args: z.object({}), description: 'Do something else.' })
  async other(_task: ExclusiveTask): Promise<void> {}
}

@HardwareType({
  name: 'touched',
  description: 'It is touched.',
  interfaces: { vendor: [TouchingVendor, OtherVendor] },
})
class Touched {}

@DriverModule({ kit: 1, hardwareTypes: [Touched] })
class TouchedDriver {}

export const TOUCHED: InstalledDrivers = {
  drivers: [
    {
      name: 'touched',
      package: 'driver-touched',
      version: '1.0.0',
      folder: import.meta.dirname,
      file: import.meta.filename,
      siblings: ['touched'],
      module: TouchedDriver,
    },
  ],
  problems: [],
};
