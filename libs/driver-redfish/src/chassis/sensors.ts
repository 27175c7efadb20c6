import { type JsonObject as ResultObject, UnsupportedDriverExtension } from '@ferrule/driver-kit';
import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  linkOf,
  linksOf,
  RedfishNotFoundError,
  textAt,
  valueAt,
} from '@ferrule/redfish';
import { type BmcCall } from '../bmc/bmc-call.js';
import { withKept } from '../bmc/kept.js';

/** What the resources before Sensor have: the array, the property of the reading, its type and its unit. */
const OLD = [
  ['Temperatures', 'ReadingCelsius', 'Temperature', 'Cel'],
  ['Fans', 'Reading', 'Fan', undefined],
  ['Voltages', 'ReadingVolts', 'Voltage', 'V'],
  ['PowerControl', 'PowerConsumedWatts', 'Power', 'W'],
] as const;

/** The readings of the node's chassis, from Sensor resources, or from Thermal and Power where it has none. */
export async function sensors(call: BmcCall): Promise<ResultObject> {
  const find = async (): Promise<string[]> => findSources(call);
  const all = await withKept(call, 'sensors', find, async (paths) => {
    const readings: JsonObject[] = [];
    for (const path of paths) readings.push(...(await readingsOf(call, path)));
    return readings;
  });
  return { sensors: all };
}

async function findSources({ bmc, options, nodeUuid }: BmcCall): Promise<string[]> {
  const { body } = await bmc.system(options);
  const sources: string[] = [];
  for (const path of linksOf(valueAt(body, 'Links', 'Chassis'))) {
    try {
      const chassis = (await bmc.get(path, options)).body;
      const own = linkOf(chassis['Sensors']);
      const old = [linkOf(chassis['Thermal']), linkOf(chassis['Power'])];
      sources.push(...(own === undefined ? old : [own]).filter((each) => each !== undefined));
    } catch (error) {
      // Accelerator boards name chassis that are not there.
      if (!(error instanceof RedfishNotFoundError)) throw error;
    }
  }
  if (sources.length > 0) return sources;
  throw new UnsupportedDriverExtension(`The BMC of node ${nodeUuid} shows no sensors of its chassis.`);
}

async function readingsOf(call: BmcCall, path: string): Promise<JsonObject[]> {
  const isOld = /\/(?:Thermal|Power)\/?$/.test(path);
  if (!isOld) {
    const readings: JsonObject[] = [];
    for await (const sensor of call.bmc.each(path, call.options)) {
      readings.push(viewOf(sensor, 'Reading', textAt(sensor, 'ReadingType')));
    }
    return readings;
  }
  const { body } = await call.bmc.get(path, call.options);
  return OLD.flatMap(([list, reading, type, units]) => {
    const items = body[list];
    return (Array.isArray(items) ? items : [])
      .filter(isJsonObject)
      .map((item) => viewOf(item, reading, type, units));
  });
}

function viewOf(sensor: JsonObject, reading: string, type?: string, units?: string): JsonObject {
  return {
    name: textAt(sensor, 'Name') ?? textAt(sensor, 'FanName') ?? textAt(sensor, 'Id') ?? null,
    type: type ?? null,
    reading: numberOf(sensor[reading]),
    units: units ?? textAt(sensor, 'ReadingUnits') ?? null,
    health: textAt(sensor, 'Status', 'Health') ?? null,
    state: textAt(sensor, 'Status', 'State') ?? null,
  };
}

function numberOf(value: JsonValue | undefined): number | null {
  return typeof value === 'number' ? value : null;
}
