import { RedfishArgumentError, RedfishError, RedfishServiceError } from '../../errors.js';
import { isJsonObject, linkOf, textsOf, valueAt, type JsonObject, type JsonValue } from '../../json.js';
import type { CallOptions } from '../../types.js';
import type { RedfishClient } from '../client.js';

/** A resource, and where and when changes to it are applied. */
export interface SettingsView {
  readonly path: string;
  /** The resource with the current values. */
  readonly body: JsonObject;
  /** The path of its settings object, which has the pending values; undefined if the resource is changed directly. */
  readonly settings: string | undefined;
  /** What may be asked for, such as `OnReset`; empty if the BMC does not let it be chosen. */
  readonly applyTimes: readonly string[];
}

/** Options of a change. */
export interface SettingsOptions extends CallOptions {
  /** One of `applyTimes`. Default: as the BMC does. */
  readonly applyTime?: string | undefined;
}

/** What a change led to. */
export interface SettingsChange {
  /**
   * The path of the job or task that will apply it; undefined if the BMC made none, it has ended, or the answer was
   * lost.
   */
  readonly job: string | undefined;
}

/**
 * Resources whose changes are pending first: `@Redfish.Settings` with its settings object and apply times.
 *
 * ```ts
 * const settings = new Settings(bmc);
 * const bios = await settings.read('/redfish/v1/Systems/1/Bios');
 * const { job } = await settings.change(bios, { Attributes: { BootMode: 'Uefi' } }, { applyTime: 'OnReset' });
 * ```
 */
export class Settings {
  constructor(readonly bmc: RedfishClient) {}

  /** Reads a resource with what its `@Redfish.Settings` says. */
  async read(path: string, options: CallOptions = {}): Promise<SettingsView> {
    const { body } = await this.bmc.get(path, options);
    const settings = valueAt(body, '@Redfish.Settings');
    const times = valueAt(settings, 'SupportedApplyTimes');
    return {
      path,
      body,
      settings: linkOf(valueAt(settings, 'SettingsObject')),
      applyTimes: textsOf(times),
    };
  }

  /** The pending values: the settings object; undefined if there is none. */
  async pending({ settings }: SettingsView, options: CallOptions = {}): Promise<JsonObject | undefined> {
    return settings === undefined ? undefined : (await this.bmc.get(settings, options)).body;
  }

  /**
   * Changes the settings object, or the resource itself where there is none. A job that runs at once is followed to its
   * end; one that waits for a reset or a maintenance window is left to the BMC. If an answer was lost,
   * or is a 500 and no apply time was named, it is a success when the BMC shows the values.
   *
   * @throws RedfishArgumentError for an apply time that the BMC does not have, before anything is sent
   * @throws RedfishValidationError for what the BMC refuses
   */
  async change(
    view: SettingsView,
    changes: JsonObject,
    { applyTime, ...options }: SettingsOptions = {},
  ): Promise<SettingsChange> {
    return this.#patch(view, view.settings ?? view.path, changes, applyTime, options);
  }

  /** As `change`, but of the resource itself, for BMCs that apply it at once. With an apply time it is `change`. */
  async changeNow(
    view: SettingsView,
    changes: JsonObject,
    { applyTime, ...options }: SettingsOptions = {},
  ): Promise<SettingsChange> {
    const place = applyTime === undefined ? view.path : (view.settings ?? view.path);
    return this.#patch(view, place, changes, applyTime, options);
  }

  async #patch(
    { path, applyTimes }: SettingsView,
    place: string,
    changes: JsonObject,
    applyTime: string | undefined,
    options: CallOptions,
  ): Promise<SettingsChange> {
    if (applyTime !== undefined && !applyTimes.includes(applyTime)) {
      const has = applyTimes.length > 0 ? `it has ${applyTimes.join(', ')}` : 'it lets none be chosen';
      const text = `${path} does not have the apply time ${applyTime}: ${has}.`;
      throw new RedfishArgumentError('ApplyTime', text, applyTimes);
    }
    try {
      const reply = await this.bmc.patch(place, { ...changes, ...timed(applyTime) }, options);
      return { job: reply.status === 202 ? (reply.location ?? linkOf(reply.body)) : undefined };
    } catch (error) {
      // After a 500 the values may be pending without the job that an apply time asks for.
      const isOwnFault = error instanceof RedfishServiceError && applyTime === undefined;
      const isInDoubt = error instanceof RedfishError && (error.mayBeDone || isOwnFault);
      if (!isInDoubt || error.task !== undefined || !(await this.#shows(place, changes, options)))
        throw error;
      return { job: undefined };
    }
  }

  async #shows(place: string, changes: JsonObject, options: CallOptions): Promise<boolean> {
    try {
      return isPart(changes, (await this.bmc.get(place, options)).body);
    } catch (error) {
      if (error instanceof RedfishError) return false;
      throw error;
    }
  }
}

function isPart(part: JsonValue, whole: JsonValue | undefined): boolean {
  if (!isJsonObject(part)) return part === whole;
  return isJsonObject(whole) && Object.entries(part).every(([name, value]) => isPart(value, whole[name]));
}

function timed(applyTime: string | undefined): JsonObject {
  if (applyTime === undefined) return {};
  const type = '#Settings.v1_1_0.PreferredApplyTime';
  return { '@Redfish.SettingsApplyTime': { '@odata.type': type, ApplyTime: applyTime } };
}

/** The `Attributes` of a resource; empty if it has none. */
export function attributesOf(body: JsonObject | undefined): JsonObject {
  const attributes = body?.['Attributes'];
  return isJsonObject(attributes) ? attributes : {};
}
