import { EventEmitter, once } from 'node:events';
import {
  Attachment,
  DriverModule,
  type ExclusiveTask,
  HardwareType,
  type JsonObject,
  Passthru,
  type Progress,
  type SharedTask,
  VendorInterface,
} from '@ferrule/driver-kit';
import { z } from 'zod';
import { type InstalledDrivers } from '../../src/drivers/packages/driver-package.js';
import { until } from './until.js';

/** Runs if a page takes a text for markup. */
export const MARKUP = '<img src="x" onerror="document.title = \'broken into\'">';

const calls = new EventEmitter();

/** A job of `tell`, which reports and ends when it is told to. */
export const told = {
  report: async (progress: Progress): Promise<void> => {
    await until(() => calls.listenerCount('end') > 0);
    calls.emit('report', progress);
  },
  end: async (result: JsonObject): Promise<void> => {
    await until(() => calls.listenerCount('end') > 0);
    calls.emit('end', result);
  },
};

@VendorInterface({ name: 'told' })
class ToldVendor {
  @Passthru({ http: ['POST'], description: `Report and end as told ${MARKUP}` })
  async tell(task: ExclusiveTask): Promise<JsonObject> {
    const report = (progress: Progress): void => task.progress(progress);
    calls.on('report', report);
    try {
      const [result] = (await once(calls, 'end', { signal: task.signal })) as [JsonObject];
      return result;
    } finally {
      calls.off('report', report);
    }
  }

  @Passthru({ http: ['POST'], lock: 'shared', attach: true, args: z.object({}), description: 'Make a file' })
  file(_task: SharedTask): Attachment {
    return new Attachment('all is well\n', 'text/plain', 'told.txt');
  }
}

@HardwareType({ name: 'told', description: 'It does what it is told.', interfaces: { vendor: [ToldVendor] } })
class Told {}

@DriverModule({ kit: 1, hardwareTypes: [Told] })
class ToldDriver {}

export const TOLD: InstalledDrivers = {
  drivers: [
    {
      name: 'told',
      package: 'driver-told',
      version: '1.0.0',
      folder: import.meta.dirname,
      file: import.meta.filename,
      siblings: ['told'],
      module: ToldDriver,
    },
  ],
  problems: [],
};
