import { RedfishArgumentError } from '../../errors.js';
import { textAt, type JsonObject } from '../../json.js';
import type { CallOptions } from '../../types.js';
import type { RedfishClient } from '../client.js';
import { shortened, similar } from './unknown-names.js';
import {
  attributesOf,
  Settings,
  type SettingsChange,
  type SettingsOptions,
  type SettingsView,
} from './settings.js';

/** A resource with `Attributes`, such as Bios and DellAttributes. */
export interface AttributesView extends SettingsView {
  /** The current values by name. */
  readonly attributes: JsonObject;
  /** The Id of the registry that describes them. */
  readonly registry: string | undefined;
}

/**
 * Attributes that a registry describes: those of a BIOS, and of Dell's BMCs.
 *
 * ```ts
 * const attributes = new Attributes(bmc);
 * const bios = await attributes.read('/redfish/v1/Systems/1/Bios');
 * await attributes.set(bios, { ProcVirtualization: 'Enabled' });
 * console.log(await attributes.pending(bios));
 * ```
 */
export class Attributes {
  readonly #settings: Settings;

  constructor(readonly bmc: RedfishClient) {
    this.#settings = new Settings(bmc);
  }

  /** The attributes as they are, and those that will change. */
  async read(path: string, options: CallOptions = {}): Promise<AttributesView> {
    const view = await this.#settings.read(path, options);
    const registry = textAt(view.body, 'AttributeRegistry');
    return { ...view, attributes: attributesOf(view.body), registry };
  }

  /** The values that will change, and differ from the current ones: some BMCs list all attributes as pending. */
  async pending(view: AttributesView, options: CallOptions = {}): Promise<JsonObject> {
    const pending = Object.entries(attributesOf(await this.#settings.pending(view, options)));
    return Object.fromEntries(pending.filter(([name, value]) => view.attributes[name] !== value));
  }

  /**
   * Sets attributes.
   *
   * @throws RedfishArgumentError for attributes and apply times that the BMC does not have, before anything is sent
   * @throws RedfishValidationError for what the BMC refuses
   */
  async set(
    view: AttributesView,
    values: JsonObject,
    options: SettingsOptions = {},
  ): Promise<SettingsChange> {
    const unknown = Object.keys(values).filter((name) => !Object.hasOwn(view.attributes, name));
    if (unknown.length > 0) {
      const names = Object.keys(view.attributes);
      const text = `${view.path} has no attribute ${shortened(unknown)}.${similar(unknown, names)}`;
      throw new RedfishArgumentError('Attributes', text, names);
    }
    return this.#settings.change(view, { Attributes: values }, options);
  }
}
