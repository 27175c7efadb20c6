import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { redfishConfig } from './redfish-config.js';

describe('the configuration', () => {
  it('restricts nothing and lets nothing be changed when nothing is set', () => {
    const config = redfishConfig({ FERRULE_BMC_NETWORKS: '' });
    expect(config).toMatchObject({
      bmcNetworks: undefined,
      eventNetworks: undefined,
      caDirectory: undefined,
    });
    expect(config.requestAllow.allows('GET', 'Systems/1')).toBe(true);
    expect(config.requestAllow.allows('PATCH', 'Systems/1')).toBe(false);
  });

  it('reads its variables', () => {
    const config = redfishConfig({
      FERRULE_BMC_NETWORKS: '10.0.0.0/8, fd00::/8',
      FERRULE_EVENT_NETWORKS: '192.0.2.0/24',
      FERRULE_REDFISH_CA_DIR: '/etc/ferrule/ca',
      FERRULE_REDFISH_ALIASES: 'https://10.1.2.3=https://192.168.0.120, https://10.1.2.3=http://bmc:8080',
      FERRULE_REDFISH_REQUEST_ALLOW: '* /redfish/v1/*',
    });
    expect(config.aliases).toEqual({ 'https://10.1.2.3': ['https://192.168.0.120', 'http://bmc:8080'] });
    expect(config.bmcNetworks?.contains('10.1.2.3')).toBe(true);
    expect(config.eventNetworks?.contains('10.1.2.3')).toBe(false);
    expect(config.caDirectory).toBe('/etc/ferrule/ca');
    expect(config.requestAllow.allows('DELETE', 'Systems/1')).toBe(true);
  });

  it('reads them from files', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ferrule-redfish-'));
    writeFileSync(join(folder, 'networks'), '10.0.0.0/8\n');
    const config = redfishConfig({ FERRULE_BMC_NETWORKS_FILE: join(folder, 'networks') });
    expect(config.bmcNetworks?.cidrs).toEqual(['10.0.0.0/8']);
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['FERRULE_BMC_NETWORKS', '10.0.0.0/33'],
    ['FERRULE_EVENT_NETWORKS', 'everywhere'],
    ['FERRULE_REDFISH_ALIASES', '10.1.2.3=10.0.0.1'],
    ['FERRULE_REDFISH_REQUEST_ALLOW', 'EVERYTHING'],
  ])('names %s when it is wrong', (key, value) => {
    expect(() => redfishConfig({ [key]: value })).toThrow(new RegExp(`^${key}: .*${value}`));
  });
});
