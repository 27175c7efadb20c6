import { type JsonObject, link, textOf } from '../tree/json.js';
import { collection, ROOT } from '../tree/layout.js';

/** What a BMC has beside its system, manager and sessions: logs, firmware, sensors and an indicator. */
export interface Equipment {
  /** Ids of the log services below the System. */
  readonly systemLogs?: readonly string[];
  /** Ids of the log services below the Manager; default `SEL`, unless the System has logs. */
  readonly managerLogs?: readonly string[];
  /** Logs that cannot be cleared. */
  readonly permanentLogs?: readonly string[];
  /** Readings as Sensor resources (the default), or in Thermal and Power. */
  readonly readings?: 'sensors' | 'thermal';
  /** The property of the System's indicator; default `LocationIndicatorActive`. */
  readonly indicator?: 'LocationIndicatorActive' | 'IndicatorLED';
}

const CHASSIS = `${ROOT}/Chassis`;
const BOX = `${CHASSIS}/1`;
const UPDATES = `${ROOT}/UpdateService`;
const INVENTORY = `${UPDATES}/FirmwareInventory`;

export interface Owners {
  readonly system: string;
  readonly manager: string;
}

/** Links to the equipment, for the resources that own it. */
export function equipmentLinks(
  { system, manager }: Owners,
  equipment: Equipment = {},
): Readonly<Record<'root' | 'system' | 'manager', JsonObject>> {
  const { systemLogs, managerLogs } = logsOf(equipment);
  return {
    root: { Chassis: link(CHASSIS), UpdateService: link(UPDATES) },
    system: {
      ...(equipment.indicator === 'IndicatorLED'
        ? { IndicatorLED: 'Off' }
        : { LocationIndicatorActive: false }),
      ...(systemLogs.length > 0 && { LogServices: link(`${system}/LogServices`) }),
    },
    manager: managerLogs.length > 0 ? { LogServices: link(`${manager}/LogServices`) } : {},
  };
}

export function plantEquipment(
  { system, manager }: Owners,
  equipment: Equipment = {},
): Record<string, JsonObject> {
  const { systemLogs, managerLogs } = logsOf(equipment);
  return {
    ...logs(system, systemLogs, equipment.permanentLogs),
    ...logs(manager, managerLogs, equipment.permanentLogs),
    ...firmware(),
    ...chassis(system, equipment.readings ?? 'sensors'),
  };
}

function logsOf({ systemLogs = [], managerLogs }: Equipment): {
  systemLogs: readonly string[];
  managerLogs: readonly string[];
} {
  return { systemLogs, managerLogs: managerLogs ?? (systemLogs.length > 0 ? [] : ['SEL']) };
}

function logs(
  owner: string,
  ids: readonly string[],
  permanent: readonly string[] = [],
): Record<string, JsonObject> {
  const path = `${owner}/LogServices`;
  const all = ids.map((id): Record<string, JsonObject> => {
    const service = `${path}/${id}`;
    const clear = { '#LogService.ClearLog': { target: `${service}/Actions/LogService.ClearLog` } };
    return {
      [service]: {
        ...base(service, 'LogService.v1_1_2.LogService', id, `${id} Log`),
        Entries: link(`${service}/Entries`),
        Actions: permanent.includes(id) ? {} : clear,
      },
      ...entries(`${service}/Entries`),
    };
  });
  if (ids.length === 0) {
    return {};
  }
  const members = ids.map((id) => `${path}/${id}`);
  return {
    [path]: collection(path, 'LogServiceCollection', 'Logs', members),
    ...Object.fromEntries(all.flatMap(Object.entries<JsonObject>)),
  };
}

function entries(path: string): Record<string, JsonObject> {
  const ids = ['1', '2', '3'];
  const told = ids.map((id): [string, JsonObject] => [
    `${path}/${id}`,
    {
      ...base(`${path}/${id}`, 'LogEntry.v1_6_0.LogEntry', id, `Log Entry ${id}`),
      EntryType: 'Event',
      Created: `2026-01-0${id}T00:00:00Z`,
      Severity: id === '2' ? 'Critical' : 'OK',
      Message: id === '2' ? 'The fan 1 failed.' : 'The system was powered on.',
      MessageId: id === '2' ? 'Platform.1.0.FanFailed' : 'Platform.1.0.PowerOn',
    },
  ]);
  const members = ids.map((id) => `${path}/${id}`);
  return {
    [path]: collection(path, 'LogEntryCollection', 'Entries', members),
    ...Object.fromEntries(told),
  };
}

function firmware(): Record<string, JsonObject> {
  const items = ['BMC', 'BIOS'].map((id): [string, JsonObject] => [
    `${INVENTORY}/${id}`,
    {
      ...base(`${INVENTORY}/${id}`, 'SoftwareInventory.v1_3_0.SoftwareInventory', id, `${id} Firmware`),
      Version: '1.0.0',
      Updateable: true,
    },
  ]);
  const action = `${UPDATES}/Actions/UpdateService.SimpleUpdate`;
  return {
    [UPDATES]: {
      ...base(UPDATES, 'UpdateService.v1_8_0.UpdateService', 'UpdateService', 'Update Service'),
      ServiceEnabled: true,
      FirmwareInventory: link(INVENTORY),
      Actions: {
        '#UpdateService.SimpleUpdate': {
          target: action,
          'TransferProtocol@Redfish.AllowableValues': ['HTTP', 'HTTPS'],
        },
      },
    },
    [INVENTORY]: collection(INVENTORY, 'SoftwareInventoryCollection', 'Firmware', [
      ...items.map(([path]) => path),
    ]),
    ...Object.fromEntries(items),
  };
}

function chassis(system: string, readings: 'sensors' | 'thermal'): Record<string, JsonObject> {
  const box = {
    ...base(BOX, 'Chassis.v1_14_0.Chassis', '1', 'Chassis'),
    ChassisType: 'RackMount',
    Links: { ComputerSystems: [link(system)] },
  };
  const all = { [CHASSIS]: collection(CHASSIS, 'ChassisCollection', 'Chassis', [BOX]) };
  const status = { State: 'Enabled', Health: 'OK' };
  if (readings === 'thermal') {
    return {
      ...all,
      [BOX]: { ...box, Thermal: link(`${BOX}/Thermal`), Power: link(`${BOX}/Power`) },
      [`${BOX}/Thermal`]: {
        ...base(`${BOX}/Thermal`, 'Thermal.v1_6_0.Thermal', 'Thermal', 'Thermal'),
        Temperatures: [{ MemberId: '0', Name: 'Inlet', ReadingCelsius: 21, Status: status }],
        Fans: [{ MemberId: '0', Name: 'Fan 1', Reading: 40, ReadingUnits: 'Percent', Status: status }],
      },
      [`${BOX}/Power`]: {
        ...base(`${BOX}/Power`, 'Power.v1_5_0.Power', 'Power', 'Power'),
        PowerControl: [{ MemberId: '0', Name: 'System Power Control', PowerConsumedWatts: 310 }],
        Voltages: [{ MemberId: '0', Name: '12V', ReadingVolts: 12.1, Status: status }],
      },
    };
  }
  const sensor = (id: string, ReadingType: string, Reading: number, ReadingUnits: string): JsonObject => ({
    ...base(`${BOX}/Sensors/${id}`, 'Sensor.v1_2_0.Sensor', id, id),
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
  const paths = sensors.map(({ Id }) => `${BOX}/Sensors/${textOf(Id)}`);
  return {
    ...all,
    [BOX]: { ...box, Sensors: link(`${BOX}/Sensors`) },
    [`${BOX}/Sensors`]: collection(`${BOX}/Sensors`, 'SensorCollection', 'Sensors', paths),
    ...Object.fromEntries(sensors.map((each, index) => [paths[index] ?? '', each])),
  };
}

function base(path: string, type: string, id: string, name: string): JsonObject {
  return { '@odata.id': path, '@odata.type': `#${type}`, Id: id, Name: name };
}
