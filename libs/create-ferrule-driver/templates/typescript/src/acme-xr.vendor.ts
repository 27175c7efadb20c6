import {
  Attachment,
  DriverPassthru,
  type DriverTask,
  type ExclusiveTask,
  Passthru,
  type SharedTask,
  VendorInterface,
} from '@ferrule/driver-kit';
import { z } from 'zod';
import { AcmeXrClient } from './acme-xr.client.js';
import { AcmeXrInfo } from './acme-xr.info.js';
import { AcmeXrSettings } from './acme-xr.settings.js';

const LedArgs = z.object({
  state: z.enum(['on', 'off']).describe('Whether the LED is on.'),
});

const FlashArgs = z.object({
  version: z
    .string()
    .regex(/^\d+\.\d+$/, 'must be a version such as 1.2')
    .meta({ description: 'Version of the firmware.', examples: ['1.1'] }),
  component: z.enum(['bmc', 'bios']).default('bios').describe('What is flashed.'),
});

/** The passthru methods of a node. `flashFirmware` is `flash_firmware` on the wire. */
@VendorInterface({ name: 'acme-xr' })
export class AcmeXrVendor {
  constructor(
    private readonly client: AcmeXrClient,
    private readonly settings: AcmeXrSettings,
  ) {}

  // Under a shared lock, because it only reads: it runs while another call holds the node.
  @Passthru({ http: ['GET'], async: false, lock: 'shared', description: 'Read the status of the server.' })
  async status(task: SharedTask) {
    return await this.client.readStatus(task.driverInfo(AcmeXrInfo), task.signal);
  }

  // The caller waits, and no other call changes the node meanwhile.
  @Passthru({ http: ['POST'], async: false, args: LedArgs, description: 'Switch the identification LED.' })
  async setLed(task: ExclusiveTask, { state }: z.output<typeof LedArgs>) {
    return await this.client.setLed(task.driverInfo(AcmeXrInfo), state === 'on', task.signal);
  }

  // Asynchronous, the default: the caller gets a job, which shows the progress and the result.
  @Passthru({ http: ['POST'], args: FlashArgs, timeout: '30m', description: 'Flash firmware of the mirror.' })
  async flashFirmware(task: ExclusiveTask, { version, component }: z.output<typeof FlashArgs>) {
    const image = new URL(`${component}-${version}.bin`, this.settings.mirrorUrl);
    for await (const percent of this.client.flash(task.driverInfo(AcmeXrInfo), image, task.signal)) {
      task.progress({ percent, message: `sending ${image.href}` });
    }
    await task.saveInternalInfo({ [`acme_xr_${component}_version`]: version });
    return { component, version };
  }

  @Passthru({
    http: ['GET'],
    async: false,
    lock: 'shared',
    attach: true,
    description: 'Download the event log as a file.',
  })
  async eventLog(task: SharedTask) {
    const log = await this.client.readEventLog(task.driverInfo(AcmeXrInfo), task.signal);
    return new Attachment(log, 'text/plain', 'events.txt');
  }

  @DriverPassthru({ http: ['GET'], async: false, description: 'List the firmware that this driver knows.' })
  catalogue(_task: DriverTask) {
    return { mirror: this.settings.mirrorUrl, bios: ['1.0', '1.1'], bmc: ['7.0'] };
  }
}
