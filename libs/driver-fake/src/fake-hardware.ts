import { HardwareType, NoVendor } from '@ferrule/driver-kit';
import { z } from 'zod';
import { FakeOptionsVendor } from './fake-options.vendor.js';
import { FakeVendor } from './fake.vendor.js';

/** Ironic describes the keys as "Required", but its fake driver does not check them; neither does this one. */
const FakeDriverInfo = z.object({
  B1: z.unknown().optional().describe('B1 description. Required.'),
  B2: z.unknown().optional().describe('B2 description. Required.'),
});

@HardwareType({
  name: 'fake-hardware',
  description: 'Hardware that is not there, for trying things out',
  driverInfo: FakeDriverInfo,
  interfaces: {
    vendor: [FakeVendor, FakeOptionsVendor, NoVendor],
    bios: ['fake', 'no-bios'],
    boot: ['fake'],
    console: ['fake', 'no-console'],
    deploy: ['fake'],
    firmware: ['fake', 'no-firmware'],
    inspect: ['fake', 'no-inspect'],
    management: ['fake'],
    network: ['noop'],
    power: ['fake'],
    raid: ['fake', 'no-raid'],
    rescue: ['fake', 'no-rescue'],
    storage: ['noop', 'fake'],
  },
})
export class FakeHardware {}
