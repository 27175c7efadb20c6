import { HardwareType, NoVendor } from '@ferrule/driver-kit';
import { z } from 'zod';
import { FakeOptionsVendor } from './fake-options.vendor.js';
import { FakeManagement } from './fake.management.js';
import { FakePower } from './fake.power.js';
import { FakeVendor } from './fake.vendor.js';

/** Not checked, as in Ironic's fake driver, although their descriptions say "Required". */
const FakeDriverInfo = z.object({
  B1: z.unknown().optional().describe('B1 description. Required.'),
  B2: z.unknown().optional().describe('B2 description. Required.'),
});

/** The hardware type `fake-hardware`. */
@HardwareType({
  name: 'fake-hardware',
  description: 'Simulated hardware for trials and tests; needs no BMC',
  driverInfo: FakeDriverInfo,
  interfaces: {
    vendor: [FakeVendor, FakeOptionsVendor, NoVendor],
    bios: ['fake', 'no-bios'],
    boot: ['fake'],
    console: ['fake', 'no-console'],
    deploy: ['fake'],
    firmware: ['fake', 'no-firmware'],
    inspect: ['fake', 'no-inspect'],
    management: [FakeManagement],
    network: ['noop'],
    power: [FakePower],
    raid: ['fake', 'no-raid'],
    rescue: ['fake', 'no-rescue'],
    storage: ['noop', 'fake'],
  },
})
export class FakeHardware {}
