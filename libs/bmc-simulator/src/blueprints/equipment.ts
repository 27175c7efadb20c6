import { type JsonObject, link } from '../tree/json.js';
import { CHASSIS, chassis, chassisPath } from './chassis.js';
import { firmware, UPDATES } from './firmware.js';
import { logs } from './logs.js';

/** What a BMC has beside its system, manager and sessions: logs, firmware, sensors and an indicator. */
export interface Equipment {
  /** Ids of the log services below the System. */
  readonly systemLogs?: readonly string[];
  /** Ids of the log services below the Manager; default `SEL`, unless the System has logs. */
  readonly managerLogs?: readonly string[];
  /** Logs that cannot be cleared. */
  readonly permanentLogs?: readonly string[];
  /** Id of the chassis; default `1`. */
  readonly chassis?: string;
  /** Readings as Sensor resources (the default), or in Thermal and Power. */
  readonly readings?: 'sensors' | 'thermal';
  /** The property of the System's indicator; default `LocationIndicatorActive`. */
  readonly indicator?: 'LocationIndicatorActive' | 'IndicatorLED';
}

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
    ...chassis(chassisPath(equipment), system, equipment.readings ?? 'sensors'),
  };
}

function logsOf({ systemLogs = [], managerLogs }: Equipment): {
  systemLogs: readonly string[];
  managerLogs: readonly string[];
} {
  return { systemLogs, managerLogs: managerLogs ?? (systemLogs.length > 0 ? [] : ['SEL']) };
}
