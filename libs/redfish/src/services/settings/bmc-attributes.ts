import { RedfishNotFoundError } from '../../errors.js';
import { isJsonObject, linkOf, linksOf, textAt, valueAt, type JsonObject } from '../../json.js';
import { isUnreadable } from '../../resources/refusals.js';
import type { CallOptions } from '../../types.js';
import { lastSegment } from '../../wire/links.js';
import type { RedfishClient } from '../client.js';
import { RedfishArgumentError } from '../service-errors.js';
import { flattened, nested } from './flat-properties.js';
import { Attributes, type AttributesView } from './attributes.js';
import { Settings, type SettingsChange, type SettingsOptions } from './settings.js';
import { shortened, similar } from './unknown-names.js';

/** Attributes of a BMC that are read and set together. */
export interface AttributeGroup {
  /** Dell: the last part of the path, such as `iDRAC.Embedded.1`. Others: the key of `Oem`, or the name of the link. */
  readonly name: string;
  readonly path: string;
  /** `attributes`: in `Attributes`; `oem`: in `Oem` of the Manager under the name; `resource`: the resource itself. */
  readonly kind: (typeof KINDS)[number];
}

const KINDS = ['attributes', 'oem', 'resource'] as const;

interface Found {
  readonly group: AttributeGroup;
  readonly view: AttributesView;
}

/** The values of a group. */
export interface BmcAttributesView {
  readonly group: AttributeGroup;
  /** Texts, numbers, booleans and null by name; the names of nested properties are joined by dots. */
  readonly attributes: JsonObject;
  /** Those that will change, where the BMC has pending values. */
  readonly pending: JsonObject;
  readonly registry: string | undefined;
  readonly applyTimes: readonly string[];
}

/**
 * The attributes of a BMC that are its vendor's own: Dell's attribute groups, which a registry describes, or the
 * properties under `Oem` of its Manager and of the resources linked there, as HPE, Lenovo and others have them.
 *
 * ```ts
 * const attributes = new BmcAttributes(bmc);
 * const [group] = await attributes.groups();
 * await attributes.set({ 'NTPConfigGroup.1.NTPEnable': 'Enabled' });
 * ```
 */
export class BmcAttributes {
  readonly #attributes: Attributes;
  readonly #settings: Settings;

  constructor(readonly bmc: RedfishClient) {
    this.#attributes = new Attributes(bmc);
    this.#settings = new Settings(bmc);
  }

  /** The groups of the system's managers, the main one first; empty if the BMC has none. Kept for later calls. */
  async groups(options: CallOptions = {}): Promise<AttributeGroup[]> {
    const known = this.bmc.learned(this.#flag);
    if (known !== undefined) return decoded(known);
    const managers = await this.bmc.managers(await this.bmc.system(options), options);
    const all = managers.flatMap(({ body }) => groupsOf(body));
    const groups = all.filter(({ name }, at) => all.findIndex((other) => other.name === name) === at);
    if (groups.length > 0) this.bmc.learn(this.#flag, encoded(groups));
    return groups;
  }

  /**
   * The values of a group.
   *
   * @param name default: the first group
   * @throws RedfishArgumentError with the names of the groups, if there is no such group
   */
  async read(name: string | undefined, options: CallOptions = {}): Promise<BmcAttributesView> {
    const { group, view } = await this.#look(named(await this.groups(options), name), options);
    const { attributes, registry, applyTimes } = view;
    const pending = group.kind === 'attributes' ? await this.#attributes.pending(view, options) : {};
    return { group, attributes, pending, registry, applyTimes };
  }

  /**
   * Sets attributes of one group: the named one, else the first that has all of them.
   *
   * @returns the group, and what the change led to
   * @throws RedfishArgumentError for groups, attributes and apply times that the BMC does not have
   * @throws RedfishValidationError for what the BMC refuses, such as attributes that can only be read
   */
  async set(
    values: JsonObject,
    { group, ...options }: SettingsOptions & { readonly group?: string | undefined } = {},
  ): Promise<SettingsChange & { readonly group: AttributeGroup }> {
    const { group: found, view } = await this.#with(Object.keys(values), group, options);
    const change = await this.#settings.changeNow(view, placed(found, values), options);
    return { ...change, group: found };
  }

  get #flag(): string {
    return `bmc-attributes ${this.bmc.target.systemId ?? ''}`.trimEnd();
  }

  async #look(group: AttributeGroup, options: CallOptions): Promise<Found> {
    try {
      const view = await this.#attributes.read(group.path, options);
      if (group.kind === 'attributes') return { group, view };
      const { body } = view;
      const attributes = flattened(group.kind === 'oem' ? valueAt(body, 'Oem', group.name) : body);
      return { group, view: { ...view, attributes } };
    } catch (error) {
      // After an update of the firmware it may have another path.
      if (error instanceof RedfishNotFoundError) this.bmc.learn(this.#flag, undefined);
      throw error;
    }
  }

  /** The group that has these attributes. A group that cannot be read has none. */
  async #with(names: readonly string[], group: string | undefined, options: CallOptions): Promise<Found> {
    const groups = await this.groups(options);
    const candidates = group === undefined ? groups : [named(groups, group)];
    let fewest = names;
    const known: string[] = [];
    for (const candidate of candidates) {
      const found = await this.#look(candidate, options).catch((error: unknown) => {
        if (isUnreadable(error) && group === undefined) return undefined;
        throw error;
      });
      const has = found?.view.attributes ?? {};
      const unknown = names.filter((name) => !Object.hasOwn(has, name));
      if (found !== undefined && unknown.length === 0) return found;
      if (unknown.length < fewest.length) fewest = unknown;
      known.push(...Object.keys(has));
    }
    const shown = candidates.map(({ name }) => name);
    const where = shown.join(', ') || 'any group';
    const text = `The BMC has no attribute ${shortened(fewest)} in ${where}.${similar(fewest, known)}`;
    throw new RedfishArgumentError('Attributes', text, shown);
  }
}

function named(groups: readonly AttributeGroup[], name: string | undefined): AttributeGroup {
  const group = name === undefined ? groups[0] : groups.find((each) => each.name === name);
  if (group !== undefined) return group;
  const names = groups.map((each) => each.name);
  const has = names.length > 0 ? `it has ${names.join(', ')}` : 'it has none';
  throw new RedfishArgumentError('group', `The BMC has no group of attributes ${name ?? ''}: ${has}.`, names);
}

function groupsOf(manager: JsonObject): AttributeGroup[] {
  const path = linkOf(manager) ?? '';
  const dell = linksOf(valueAt(manager, 'Links', 'Oem', 'Dell', 'DellAttributes'));
  if (dell.length > 0) {
    return dell.map((link) => ({ name: lastSegment(link), path: link, kind: 'attributes' }));
  }
  const oem = manager['Oem'];
  return Object.entries(isJsonObject(oem) ? oem : {}).flatMap(([vendor, value]): AttributeGroup[] => {
    if (!isJsonObject(value)) return [];
    const links = [...Object.entries(value), ...Object.entries(objectAt(value, 'Links'))];
    const linked = links.flatMap(([name, item]): AttributeGroup[] => {
      const link = isJsonObject(item) ? linkOf(item) : undefined;
      return link === undefined || name === vendor ? [] : [{ name, path: link, kind: 'resource' }];
    });
    return [{ name: vendor, path, kind: 'oem' }, ...linked];
  });
}

function objectAt(value: JsonObject, name: string): JsonObject {
  const found = value[name];
  return isJsonObject(found) ? found : {};
}

function placed({ kind, name }: AttributeGroup, values: JsonObject): JsonObject {
  if (kind === 'attributes') return { Attributes: values };
  return kind === 'oem' ? { Oem: { [name]: nested(values) } } : nested(values);
}

function encoded(groups: readonly AttributeGroup[]): string {
  return JSON.stringify(groups);
}

function decoded(text: string): AttributeGroup[] {
  const groups: unknown = JSON.parse(text);
  return (Array.isArray(groups) ? groups : []).filter(isJsonObject).map((group) => ({
    kind: KINDS.find((each) => each === group['kind']) ?? 'resource',
    path: textAt(group, 'path') ?? '',
    name: textAt(group, 'name') ?? '',
  }));
}
