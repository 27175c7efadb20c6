import { DriverModule } from '@ferrule/driver-kit';
import { FakeHardware } from './fake-hardware.js';
import { FakeSettings } from './fake.settings.js';
import { NodeActivity } from './node-activity.js';

export { FakeHardware } from './fake-hardware.js';
export { FakeOptionsVendor } from './fake-options.vendor.js';
export { FakeManagement } from './fake.management.js';
export { FakePower } from './fake.power.js';
export { FakeVendor } from './fake.vendor.js';

/** The reference driver, which needs no BMC. */
@DriverModule({
  kit: 1,
  settings: FakeSettings,
  providers: [NodeActivity],
  hardwareTypes: [FakeHardware],
  handlesAllErrors: true,
})
export default class FakeDriver {}
