import { RedfishMissingError, Sensors } from '../../index.js';
import { failureOf, useBmc } from '../../bmc.spec-support.js';

const CHASSIS = '/redfish/v1/Chassis/1';

describe('Sensors', () => {
  const lab = useBmc();
  const sensors = (): Sensors => new Sensors(lab.client);

  it('lists the readings with one request once the sensors are known', async () => {
    const inlet = {
      name: 'Inlet',
      type: 'Temperature',
      reading: 21,
      units: 'Cel',
      health: 'OK',
      state: 'Enabled',
    };
    expect((await sensors().list()).readings).toContainEqual(inlet);
    lab.bmc.forget();
    expect((await sensors().list()).readings).toContainEqual(inlet);
    expect(lab.bmc.requests.map(({ path }) => path)).toEqual([`${CHASSIS}/Sensors?$expand=.($levels=1)`]);
  });

  it('lists those of a chassis again that could not be read once', async () => {
    const second = '/redfish/v1/Chassis/2';
    const [system = ''] = lab.bmc.members('/redfish/v1/Systems');
    lab.bmc.change(second, { '@odata.id': second, Thermal: { '@odata.id': `${second}/Thermal` } });
    lab.bmc.change(`${second}/Thermal`, { Fans: [{ Name: 'Fan of 2', Reading: 1 }] });
    const both = [CHASSIS, second].map((path) => ({ '@odata.id': path }));
    lab.bmc.change(system, { Links: { Chassis: both } });
    lab.bmc.misbehave({ html504: { path: new RegExp(`^${second}$`) } });
    const partly = await sensors().list();
    expect(partly.readings.length).toBeGreaterThan(0);
    expect(partly.unread).toMatchObject([{ path: second, error: { status: 504 } }]);
    lab.bmc.misbehave({ html504: false });
    const { readings, unread } = await sensors().list();
    expect(readings).toContainEqual(expect.objectContaining({ name: 'Fan of 2' }));
    expect(unread).toEqual([]);
  });

  it('says that there are none', async () => {
    lab.bmc.remove(CHASSIS);
    const failure = await failureOf(sensors().list());
    expect(failure).toBeInstanceOf(RedfishMissingError);
    expect(failure).toMatchObject({ property: 'Sensors' });
  });
});

describe('Sensors of a BMC with Thermal and Power', () => {
  const lab = useBmc({}, { profile: 'hpe-ilo5' });

  it('are listed alike', async () => {
    const { readings, unread } = await new Sensors(lab.client).list();
    expect(unread).toEqual([]);
    expect(readings.map(({ type, reading, units }) => [type, reading, units])).toEqual([
      ['Temperature', 21, 'Cel'],
      ['Fan', 40, 'Percent'],
      ['Voltage', 12.1, 'V'],
      ['Power', 310, 'W'],
    ]);
  });

  it.each(['fails', 'is not there'])('are listed if one source %s', async (what) => {
    if (what === 'fails') lab.bmc.misbehave({ html504: { path: '/Thermal' } });
    else lab.bmc.remove(`${CHASSIS}/Thermal`);
    const { readings, unread } = await new Sensors(lab.client).list();
    expect(readings.map(({ type }) => type)).toEqual(['Voltage', 'Power']);
    const told = what === 'fails' ? [[`${CHASSIS}/Thermal`, 504]] : [];
    expect(unread.map(({ path, error }) => [path, error.status])).toEqual(told);
  });

  it('are an error where no source can be read', async () => {
    lab.bmc.misbehave({ html504: { path: /\/(?:Thermal|Power)$/ } });
    expect(await failureOf(new Sensors(lab.client).list())).toMatchObject({ code: 'service', status: 504 });
  });
});
