import { ServiceSettings } from '@ferrule/driver-kit';
import { NodeBmcs, RedfishExtendedVendor, RedfishSettings } from './index.js';

class AcmeSettings {
  readonly rack = 'rack 7';
}

/** As the drivers of vendors are written; the compiler refuses it if a member of the class is in the way. */
class AcmeVendor extends RedfishExtendedVendor {
  constructor(
    pool: NodeBmcs,
    redfish: RedfishSettings,
    private readonly settings: AcmeSettings,
  ) {
    super(pool, redfish);
  }

  get known(): readonly [string, number] {
    return [this.settings.rack, this.redfishSettings.attempts];
  }
}

it('a subclass of RedfishExtendedVendor has its own settings beside those of the package', async () => {
  const redfish = new RedfishSettings({ attempts: '7' });
  const pool = new NodeBmcs(redfish, new ServiceSettings());
  expect(new AcmeVendor(pool, redfish, new AcmeSettings()).known).toEqual(['rack 7', 7]);
  await pool.onApplicationShutdown();
});
