import { type BootOrder, type Management, ManagementInterface } from '@ferrule/driver-kit';

/** Ironic's fake management interface: the server boots from the network whatever it was asked for. */
@ManagementInterface({ name: 'fake', bootDevices: ['pxe'] })
export class FakeManagement implements Management<'pxe'> {
  getBootDevice(): BootOrder {
    return { device: 'pxe', persistent: false };
  }

  setBootDevice(): void {}

  injectNmi(): void {}
}
