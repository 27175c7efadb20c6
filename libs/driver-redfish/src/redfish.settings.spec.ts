import { RedfishSettings } from './redfish.settings.js';

describe('the settings', () => {
  it('by default allow no folder, no alias and no change', () => {
    const settings = new RedfishSettings({});
    expect(settings.caDir).toBeUndefined();
    expect(settings.aliases).toEqual({});
    expect(settings.requestAllow.allows('GET', 'Systems/1')).toBe(true);
    expect(settings.requestAllow.allows('PATCH', 'Systems/1')).toBe(false);
  });

  it('have defaults for the limits, and for nodes without driver_info of their own', () => {
    expect(new RedfishSettings({})).toMatchObject({
      verifyCa: 'true',
      authType: 'auto',
      connectTimeout: 5,
      responseTimeout: 60,
      callTimeout: 120,
      taskTimeout: 1800,
      attempts: 5,
      sockets: 2,
    });
  });

  it('warn while certificates of BMCs are not checked', () => {
    expect(new RedfishSettings({}).warnings()).toEqual([]);
    expect(new RedfishSettings({ verifyCa: 'False' }).warnings()).toEqual([
      expect.stringContaining('FERRULE_REDFISH_VERIFY_CA=false'),
    ]);
  });

  it.each([
    ['sockets', '9'],
    ['attempts', '0'],
    ['responseTimeout', '1m'],
    ['authType', 'digest'],
    ['verifyCa', 'maybe'],
    ['verifyCa', '/etc/ssl/certs'],
  ])('refuse %s %s', (name, text) => {
    const issues = RedfishSettings.schema.safeParse({ [name]: text }).error?.issues;
    expect(issues).toEqual([expect.objectContaining({ path: [name] })]);
  });

  it('are read from texts', () => {
    const settings = new RedfishSettings({
      caDir: '/etc/ferrule/../ferrule/ca',
      aliases: 'https://10.1.2.3=https://192.168.0.120, https://10.1.2.3=http://bmc:8080',
      requestAllow: '* /redfish/v1/*',
    });
    expect(settings.caDir).toBe('/etc/ferrule/ca');
    expect(settings.aliases).toEqual({ 'https://10.1.2.3': ['https://192.168.0.120', 'http://bmc:8080'] });
    expect(settings.requestAllow.allows('DELETE', 'Systems/1')).toBe(true);
  });

  it.each([
    ['aliases', '10.1.2.3=10.0.0.1', 'must be entries of the form'],
    ['requestAllow', 'EVERYTHING', 'must be a verb and a path'],
  ])('names the entry of %s that is wrong', (name, text, message) => {
    const issues = RedfishSettings.schema.safeParse({ [name]: text }).error?.issues;
    expect(issues).toEqual([expect.objectContaining({ path: [name] })]);
    expect(issues?.[0]?.message).toContain(message);
    expect(issues?.[0]?.message).toContain(text);
  });
});
