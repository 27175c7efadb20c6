import { type JsonObject, link, textOf } from '../tree/json.js';
import { collection, ROOT } from '../tree/layout.js';
import { base } from './base.js';

export const CHASSIS = `${ROOT}/Chassis`;

export function chassisPath({ chassis = '1' }: { readonly chassis?: string } = {}): string {
  return `${CHASSIS}/${chassis}`;
}

export function chassis(
  path: string,
  system: string,
  readings: 'sensors' | 'thermal',
): Record<string, JsonObject> {
  const box = {
    ...base(path, 'Chassis.v1_14_0.Chassis', path.split('/').at(-1) ?? '', 'Chassis'),
    ChassisType: 'RackMount',
    Links: { ComputerSystems: [link(system)] },
  };
  const all = { [CHASSIS]: collection(CHASSIS, 'ChassisCollection', 'Chassis', [path]) };
  const status = { State: 'Enabled', Health: 'OK' };
  const part = (resource: string, name: string, fields: JsonObject): JsonObject => ({
    '@odata.id': `${path}/${resource}#/${name}/0`,
    MemberId: '0',
    ...fields,
  });
  if (readings === 'thermal') {
    return {
      ...all,
      [path]: { ...box, Thermal: link(`${path}/Thermal`), Power: link(`${path}/Power`) },
      [`${path}/Thermal`]: {
        ...base(`${path}/Thermal`, 'Thermal.v1_6_0.Thermal', 'Thermal', 'Thermal'),
        Temperatures: [
          part('Thermal', 'Temperatures', { Name: 'Inlet', ReadingCelsius: 21, Status: status }),
        ],
        Fans: [
          part('Thermal', 'Fans', { Name: 'Fan 1', Reading: 40, ReadingUnits: 'Percent', Status: status }),
        ],
      },
      [`${path}/Power`]: {
        ...base(`${path}/Power`, 'Power.v1_5_0.Power', 'Power', 'Power'),
        PowerControl: [
          part('Power', 'PowerControl', { Name: 'System Power Control', PowerConsumedWatts: 310 }),
        ],
        Voltages: [part('Power', 'Voltages', { Name: '12V', ReadingVolts: 12.1, Status: status })],
        PowerSupplies: [
          part('Power', 'PowerSupplies', {
            Name: 'Power Supply 1',
            SerialNumber: 'PSU0001',
            PowerCapacityWatts: 1600,
            LastPowerOutputWatts: 310,
            LineInputVoltage: 230,
            Status: status,
          }),
        ],
      },
    };
  }
  const sensor = (id: string, ReadingType: string, Reading: number, ReadingUnits: string): JsonObject => ({
    ...base(`${path}/Sensors/${id}`, 'Sensor.v1_2_0.Sensor', id, id),
    ReadingType,
    Reading,
    ReadingUnits,
    Status: status,
  });
  const sensors = [
    sensor('Inlet', 'Temperature', 21, 'Cel'),
    sensor('Fan1', 'Rotational', 4200, 'RPM'),
    sensor('Total_Power', 'Power', 310, 'W'),
  ];
  const paths = sensors.map(({ Id }) => `${path}/Sensors/${textOf(Id)}`);
  return {
    ...all,
    [path]: { ...box, Sensors: link(`${path}/Sensors`) },
    [`${path}/Sensors`]: collection(`${path}/Sensors`, 'SensorCollection', 'Sensors', paths),
    ...Object.fromEntries(sensors.map((each, index) => [paths[index] ?? '', each])),
  };
}
