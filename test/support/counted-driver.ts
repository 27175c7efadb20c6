import {
  Attachment,
  Conflict,
  DriverModule,
  DriverPassthru,
  type DriverTask,
  type ExclusiveTask,
  HardwareType,
  InvalidParameterValue,
  Passthru,
  type SharedTask,
  VendorInterface,
} from '@ferrule/driver-kit';
import { z } from 'zod';
import { type InstalledDrivers } from '../../src/drivers/packages/driver-package.js';

/** How often each call was made, by its name. */
export const made = new Map<string, number>();
const gates = new Map<string, Promise<void>>();

/** Calls of that name wait until the returned function is called. */
export function close(id: string): () => void {
  let open = (): void => {};
  gates.set(id, new Promise((resolve) => (open = resolve)));
  return () => open();
}

const Call = z.object({ id: z.string().default(''), secret: z.string().optional() });
type Call = z.output<typeof Call>;

async function make({ id }: Call): Promise<{ id: string; turn: number }> {
  const turn = (made.get(id) ?? 0) + 1;
  made.set(id, turn);
  await gates.get(id);
  return { id, turn };
}

@VendorInterface({ name: 'counting' })
class CountingVendor {
  @Passthru({ http: ['POST', 'PUT'], async: false, args: Call, description: 'Count it.' })
  count(_task: ExclusiveTask, call: Call) {
    return make(call);
  }

  @Passthru({
    http: ['POST'],
    async: false,
    args: Call,
    validate(_task, { secret }) {
      if (secret === 'wrong') throw new InvalidParameterValue('The BMC takes no such call.');
    },
    description: 'Count it if it is right.',
  })
  countChecked(_task: ExclusiveTask, call: Call) {
    return make(call);
  }

  @Passthru({ http: ['POST'], args: Call, description: 'Count it in a job.' })
  countInJob(_task: ExclusiveTask, call: Call) {
    return make(call);
  }

  @Passthru({
    http: ['POST'],
    lock: 'shared',
    args: Call,
    description: 'Count it in a job that holds nothing.',
  })
  countBeside(_task: SharedTask, call: Call) {
    return make(call);
  }

  @Passthru({
    http: ['GET'],
    async: false,
    lock: 'shared',
    effect: 'read',
    args: Call,
    description: 'Read it.',
  })
  read(_task: SharedTask, call: Call) {
    return make(call);
  }

  @Passthru({ http: ['POST'], async: false, args: Call, description: 'Count it, and save how often.' })
  async countAndSave(task: ExclusiveTask, call: Call): Promise<void> {
    const { turn } = await make(call);
    await task.saveInternalInfo({ turn });
  }

  @Passthru({ http: ['POST'], async: false, args: Call, description: 'Fail.' })
  async refuse(_task: ExclusiveTask, call: Call): Promise<void> {
    await make(call);
    throw new Conflict(`The BMC refuses it for the ${made.get(call.id)}. time.`);
  }

  @Passthru({
    http: ['POST'],
    async: false,
    attach: true,
    args: Call.extend({ size: z.number() }),
    description: 'Get a file.',
  })
  async file(_task: ExclusiveTask, call: Call & { size: number }): Promise<Attachment> {
    await make(call);
    return new Attachment(
      new Uint8Array(call.size).fill(made.get(call.id) ?? 0),
      'application/x-counted',
      'ö.bin',
    );
  }

  @DriverPassthru({ http: ['POST'], async: false, args: Call, description: 'Count it without a node.' })
  countAlone(_task: DriverTask, call: Call) {
    return make(call);
  }
}

@HardwareType({ name: 'counted', description: 'It counts.', interfaces: { vendor: [CountingVendor] } })
class Counted {}

@DriverModule({ kit: 1, hardwareTypes: [Counted] })
class CountedDriver {}

export const COUNTED: InstalledDrivers = {
  drivers: [
    {
      name: 'counted',
      package: 'driver-counted',
      version: '1.0.0',
      folder: import.meta.dirname,
      file: import.meta.filename,
      siblings: ['counted'],
      module: CountedDriver,
    },
  ],
  problems: [],
};
