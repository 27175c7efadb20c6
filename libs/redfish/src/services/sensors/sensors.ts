import { RedfishNotFoundError } from '../../errors.js';
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
import { withKept, type Found, type Unread } from '../kept.js';
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

/** The readings, and what could not be read. */
export interface SensorList {
  readonly readings: readonly SensorReading[];
  readonly unread: readonly Unread[];
}

/**
 * The sensors of a system's chassis, from Sensor resources, or from Thermal and Power where it has none. Rejects with a
 * RedfishError; where the chassis show no sensors with a RedfishMissingError.
 *
 * ```ts
 * const { readings } = await new Sensors(bmc).list();
 * for (const { name, reading, units } of readings) console.log(name, reading, units);
 * ```
 */
export class Sensors {
  constructor(readonly bmc: RedfishClient) {}

  /**
   * All readings: once the sources are known, one request for each where the BMC has `$expand`. A source that cannot be
   * read does not hide the others; it is the error if there are no others.
   */
  async list(options: CallOptions = {}): Promise<SensorList> {
    const find = async (): Promise<Found> => this.#find(options);
    return withKept(this.bmc, 'sensors', find, async ({ lines, unread: chassis }) => {
      const readings: SensorReading[] = [];
      const failed: Unread[] = [];
      for (const path of lines) {
        try {
          for await (const reading of this.#read(path, options)) readings.push(reading);
        } catch (error) {
          if (!isUnreadable(error)) throw error;
          failed.push({ path, error });
        }
      }
      // Some BMCs link sensors that they do not have.
      const unread = [...failed.filter(({ error }) => !(error instanceof RedfishNotFoundError)), ...chassis];
      const [first] = [...unread, ...failed];
      if (first !== undefined && failed.length === lines.length) throw first.error;
      return { readings, unread };
    });
  }

  async #find(options: CallOptions): Promise<Found> {
    const { body, url } = await this.bmc.system(options);
    const lines: string[] = [];
    const unread: Unread[] = [];
    for (const path of linksOf(valueAt(body, 'Links', 'Chassis'))) {
      try {
        const chassis = (await this.bmc.get(path, options)).body;
        const own = linkOf(chassis['Sensors']);
        const old = [linkOf(chassis['Thermal']), linkOf(chassis['Power'])];
        lines.push(...(own === undefined ? old : [own]).filter((each) => each !== undefined));
      } catch (error) {
        if (!isUnreadable(error)) throw error;
        // Accelerator boards name chassis that are not there.
        if (!(error instanceof RedfishNotFoundError)) unread.push({ path, error });
      }
    }
    if (lines.length > 0) return { lines, unread };
    const [first] = unread;
    if (first !== undefined) throw first.error;
    throw new RedfishMissingError('Sensors', new URL(url).pathname);
  }

  async *#read(path: string, options: CallOptions): AsyncGenerator<SensorReading, void, undefined> {
    if (/\/(?:Thermal|Power)\/?$/.test(path)) {
      yield* oldReadings((await this.bmc.get(path, options)).body);
      return;
    }
    for await (const sensor of this.bmc.each(path, options)) {
      yield readingOf(sensor, 'Reading', textAt(sensor, 'ReadingType'));
    }
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
