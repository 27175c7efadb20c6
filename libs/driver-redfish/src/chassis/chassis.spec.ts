import { BadArguments, failureOf } from '../../test/bench.js';
import { bench, bmc, start } from '../../test/started.js';

const SYSTEM = '/redfish/v1/Systems/1';
const CHASSIS = '/redfish/v1/Chassis/1';

const patches = () =>
  bmc.requests.filter(({ method }) => method === 'PATCH').map(({ path, body }) => [path, body]);

describe('indicator_led', () => {
  it.each([
    ['generic', 'lit', { LocationIndicatorActive: true }],
    ['generic', 'off', { LocationIndicatorActive: false }],
    ['hpe-ilo5', 'Blinking', { IndicatorLED: 'Blinking' }],
    ['hpe-ilo5', 'off', { IndicatorLED: 'Off' }],
  ] as const)('%s: %s', async (profile, state, change) => {
    await start({ profile });
    const [[property, value] = []] = Object.entries(change);
    expect(await bench.ask('indicator_led', { state })).toEqual({ path: SYSTEM, property, value });
    expect(patches()).toEqual([[SYSTEM, change]]);
    expect(bmc.resource(SYSTEM)).toMatchObject(change);
  });

  it('believes what the BMC shows if a repeated change is refused after a lost answer', async () => {
    const lost = { when: 'after-effect', times: 1, method: 'PATCH', path: SYSTEM } as const;
    await start({ misbehave: { resetOnce: lost, html400: { method: 'PATCH', path: SYSTEM, after: 1 } } });
    expect(await bench.ask('indicator_led', { state: 'lit' })).toMatchObject({ path: SYSTEM, value: true });
  });

  it('uses the LED of the chassis where the system has none', async () => {
    await start();
    bmc.change(SYSTEM, { LocationIndicatorActive: null });
    bmc.change(CHASSIS, { IndicatorLED: 'Off' });
    expect(await bench.ask('indicator_led', { state: 'lit' })).toMatchObject({ path: CHASSIS, value: 'Lit' });
  });

  it('uses the property that can be written', async () => {
    await start();
    bmc.change(SYSTEM, { IndicatorLED: 'Off', 'IndicatorLED@Redfish.AllowableValues': ['Off'] });
    expect(await bench.ask('indicator_led', { state: 'lit' })).toMatchObject({
      property: 'LocationIndicatorActive',
    });
  });

  it("answers 400 with the BMC's words if it refuses the state", async () => {
    await start();
    bmc.change(SYSTEM, { LocationIndicatorActive: null, IndicatorLED: 'Off' });
    bmc.change(SYSTEM, { 'IndicatorLED@Redfish.AllowableValues': ['Lit', 'Off'] });
    expect(await failureOf(bench.call('indicator_led', { state: 'blinking' }))).toMatchObject({
      status: 400,
      message: expect.stringContaining('Blinking'),
    });
  });

  it('is not supported without an LED', async () => {
    await start();
    bmc.change(SYSTEM, { LocationIndicatorActive: null });
    expect(await failureOf(bench.call('indicator_led', { state: 'lit' }))).toMatchObject({
      code: 'UnsupportedDriverExtension',
    });
    expect(patches()).toEqual([]);
  });

  it.each([{}, { state: 'on' }, { state: true }])('refuses %j', async (args) => {
    await start();
    expect(await failureOf(bench.call('indicator_led', args))).toBeInstanceOf(BadArguments);
    expect(bmc.requests).toEqual([]);
  });
});

describe('sensors', () => {
  it('returns the readings of Sensor resources, in one request once they are known', async () => {
    await start();
    const shown = await bench.ask('sensors');
    expect(shown).toMatchObject({
      sensors: [
        { name: 'Inlet', type: 'Temperature', reading: 21, units: 'Cel', health: 'OK', state: 'Enabled' },
        { name: 'Fan1', reading: 4200, units: 'RPM' },
        { name: 'Total_Power', reading: 310, units: 'W' },
      ],
    });
    bmc.forget();
    expect(await bench.ask('sensors')).toEqual(shown);
    expect(bmc.requests).toHaveLength(1);
  });

  it('returns those of Thermal and Power', async () => {
    await start({ profile: 'hpe-ilo5' });
    expect(await bench.ask('sensors')).toEqual({
      sensors: [
        { name: 'Inlet', type: 'Temperature', reading: 21, units: 'Cel', health: 'OK', state: 'Enabled' },
        { name: 'Fan 1', type: 'Fan', reading: 40, units: 'Percent', health: 'OK', state: 'Enabled' },
        { name: '12V', type: 'Voltage', reading: 12.1, units: 'V', health: 'OK', state: 'Enabled' },
        { name: 'System Power Control', type: 'Power', reading: 310, units: 'W', health: null, state: null },
      ],
    });
  });

  it.each([
    ['is not there', {}],
    ['cannot be read', { html504: { path: '/redfish/v1/Chassis/None' } }],
  ])('leaves out a chassis that %s', async (_what, misbehave) => {
    await start({ misbehave });
    const links = [{ '@odata.id': '/redfish/v1/Chassis/None' }, { '@odata.id': CHASSIS }];
    bmc.change(SYSTEM, { Links: { Chassis: links } });
    const { sensors } = await bench.ask('sensors');
    expect(sensors).toHaveLength(3);
  });

  it('tells which source could not be read beside the readings of the others', async () => {
    await start({ profile: 'hpe-ilo5', misbehave: { html504: { path: '/Thermal' } } });
    expect(await bench.ask('sensors')).toMatchObject({
      sensors: [{ name: '12V' }, { name: 'System Power Control' }],
      unread: [{ path: `${CHASSIS}/Thermal`, error: expect.stringContaining('504') }],
    });
  });

  it('is not supported without sensors', async () => {
    await start();
    bmc.change(SYSTEM, { Links: { Chassis: [] } });
    expect(await failureOf(bench.call('sensors'))).toMatchObject({ code: 'UnsupportedDriverExtension' });
  });
});
