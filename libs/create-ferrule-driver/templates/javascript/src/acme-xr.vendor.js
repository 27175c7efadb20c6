import { Attachment, DriverPassthru, Passthru, VendorInterface } from '@ferrule/driver-kit';
import { z } from 'zod';
import { AcmeXrClient } from './acme-xr.client.js';
import { AcmeXrInfo } from './acme-xr.info.js';
import { AcmeXrSettings } from './acme-xr.settings.js';
import { decorate } from './decorate.js';

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
export class AcmeXrVendor {
  constructor(client, settings) {
    this.client = client;
    this.settings = settings;
  }

  async status(task) {
    return await this.client.readStatus(task.driverInfo(AcmeXrInfo), task.signal);
  }

  async setLed(task, { state }) {
    return await this.client.setLed(task.driverInfo(AcmeXrInfo), state === 'on', task.signal);
  }

  async flashFirmware(task, { version, component }) {
    const image = new URL(`${component}-${version}.bin`, this.settings.mirrorUrl);
    for await (const percent of this.client.flash(task.driverInfo(AcmeXrInfo), image, task.signal)) {
      task.progress({ percent, message: `sending ${image.href}` });
    }
    await task.saveInternalInfo({ [`acme_xr_${component}_version`]: version });
    return { component, version };
  }

  async eventLog(task) {
    const log = await this.client.readEventLog(task.driverInfo(AcmeXrInfo), task.signal);
    return new Attachment(log, 'text/plain', 'events.txt');
  }

  catalogue() {
    return { mirror: this.settings.mirrorUrl, bios: ['1.0', '1.1'], bmc: ['7.0'] };
  }
}

decorate(AcmeXrVendor, {
  as: VendorInterface({ name: 'acme-xr' }),
  inject: [AcmeXrClient, AcmeXrSettings],
  methods: {
    // Under a shared lock, because it only reads: it runs while another call holds the node.
    status: Passthru({
      http: ['GET'],
      async: false,
      lock: 'shared',
      description: 'Read the status of the server.',
    }),
    // The caller waits, and no other call changes the node meanwhile.
    setLed: Passthru({
      http: ['POST'],
      async: false,
      args: LedArgs,
      description: 'Switch the identification LED.',
    }),
    // Asynchronous, the default: the caller gets a job, which shows the progress and the result.
    flashFirmware: Passthru({
      http: ['POST'],
      args: FlashArgs,
      timeout: '30m',
      description: 'Flash firmware of the mirror.',
    }),
    eventLog: Passthru({
      http: ['GET'],
      async: false,
      lock: 'shared',
      attach: true,
      description: 'Download the event log as a file.',
    }),
    catalogue: DriverPassthru({
      http: ['GET'],
      async: false,
      description: 'List the firmware that this driver knows.',
    }),
  },
});
