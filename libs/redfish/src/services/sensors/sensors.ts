import { RedfishNotFoundError, type RedfishError } from '../../errors.js';
import {
  isJsonObject,
  linkOf,
  linksOf,
  textAt,
  valueAt,
  type JsonObject,
  type JsonValue,
} from '../../json.js';
import { isUnreadable } from '../../resources/refusals.js';
import type { CallOptions } from '../../types.js';
import type { RedfishClient } from '../client.js';
import { withKept } from '../kept.js';
import { RedfishMissingError } from '../service-errors.js';

/** What the resources before Sensor have: the array, the property of the reading, its type and its unit. */
const OLD = [
  ['Temperatures', 'ReadingCelsius', 'Temperature', 'Cel'],
  ['Fans', 'Reading', 'Fan', undefined],
  ['Voltages', 'ReadingVolts', 'Voltage', 'V'],
  ['PowerControl', 'PowerConsumedWatts', 'Power', 'W'],
] as const;

/** A reading. What the BMC does not say is undefined. */
export interface SensorReading {
  readonly name: string | undefined;
  /** `ReadingType` of a Sensor; `Temperature`, `Fan`, `Voltage` or `Power` of older resources. */
  readonly type: string | undefined;
  /** In `units`; undefined for a sensor that is absent or off, too. */
  readonly reading: number | undefined;
  /** `Cel`, `V`, `W`, `{rev}/min` and other units of UCUM; of older resources `RPM` and `Percent`. */
  readonly units: string | undefined;
  /** `OK`, `Warning` or `Critical`. */
  readonly health: string | undefined;
  /** `Enabled`, `Absent` and the like. */
  readonly state: string | undefined;
}

/**
 * The sensors of a system's chassis, from Sensor resources, or from Thermal and Power where it has none. Rejects with a
 * RedfishError; where the chassis show no sensors with a RedfishMissingError.
 *
 * ```ts
 * for (const { name, reading, units } of await new Sensors(bmc).list()) console.log(name, reading, units);
 * ```
 */
export class Sensors {
  constructor(readonly bmc: RedfishClient) {}

  /** All readings: once the sources are known, one request for each where the BMC has `$expand`. */
  async list(options: CallOptions = {}): Promise<SensorReading[]> {
    const find = async (): Promise<string[]> => this.#find(options);
    return withKept(this.bmc, 'sensors', find, async (paths) => {
      const readings: SensorReading[] = [];
      for (const path of paths) readings.push(...(await this.#read(path, options)));
      return readings;
    });
  }

  async #find(options: CallOptions): Promise<string[]> {
    const { body, url } = await this.bmc.system(options);
    const sources: string[] = [];
    let failure: RedfishError | undefined;
    for (const path of linksOf(valueAt(body, 'Links', 'Chassis'))) {
      try {
        const chassis = (await this.bmc.get(path, options)).body;
        const own = linkOf(chassis['Sensors']);
        const old = [linkOf(chassis['Thermal']), linkOf(chassis['Power'])];
        sources.push(...(own === undefined ? old : [own]).filter((each) => each !== undefined));
      } catch (error) {
        if (!isUnreadable(error)) throw error;
        // Accelerator boards name chassis that are not there.
        if (!(error instanceof RedfishNotFoundError)) failure ??= error;
      }
    }
    if (sources.length > 0) return sources;
    if (failure !== undefined) throw failure;
    throw new RedfishMissingError('Sensors', new URL(url).pathname);
  }

  async #read(path: string, options: CallOptions): Promise<SensorReading[]> {
    if (/\/(?:Thermal|Power)\/?$/.test(path)) return oldReadings((await this.bmc.get(path, options)).body);
    const readings: SensorReading[] = [];
    for await (const sensor of this.bmc.each(path, options)) {
      readings.push(readingOf(sensor, 'Reading', textAt(sensor, 'ReadingType')));
    }
    return readings;
  }
}

function oldReadings(body: JsonObject): SensorReading[] {
  return OLD.flatMap(([list, reading, type, units]) => {
    const items = body[list];
    return (Array.isArray(items) ? items : [])
      .filter(isJsonObject)
      .map((item) => readingOf(item, reading, type, units));
  });
}

function readingOf(sensor: JsonObject, reading: string, type?: string, units?: string): SensorReading {
  return {
    name: textAt(sensor, 'Name') ?? textAt(sensor, 'FanName') ?? textAt(sensor, 'Id'),
    type,
    reading: numberOf(sensor[reading]),
    units: units ?? textAt(sensor, 'ReadingUnits'),
    health: textAt(sensor, 'Status', 'Health'),
    state: textAt(sensor, 'Status', 'State'),
  };
}

function numberOf(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
