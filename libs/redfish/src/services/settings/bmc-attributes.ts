import { RedfishArgumentError, type RedfishError } from '../../errors.js';
import { isJsonObject, linkOf, linksOf, textAt, valueAt, type JsonObject } from '../../json.js';
import { isUnreadable } from '../../resources/refusals.js';
import type { CallOptions } from '../../types.js';
import { lastSegment } from '../../wire/links.js';
import type { RedfishClient } from '../client.js';
import { unreadWords, withKept, type Found } from '../kept.js';
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
  readonly kind: 'attributes' | 'oem' | 'resource';
}

const KINDS = ['attributes', 'oem', 'resource'] as const;

/** A group, and the resource that has its attributes. */
interface ReadGroup {
  readonly group: AttributeGroup;
  readonly view: AttributesView;
}

/** A manager that the BMC lists and fails to show; it may have groups that are not listed. */
export interface UnreadManager {
  readonly path: string;
  readonly error: RedfishError;
}

interface Groups {
  readonly groups: readonly AttributeGroup[];
  readonly unread: readonly UnreadManager[];
}

/** The values of a group. */
export interface BmcAttributesView {
  readonly group: AttributeGroup;
  /** All groups, but for those of managers that could not be read. */
  readonly groups: readonly AttributeGroup[];
  readonly unread: readonly UnreadManager[];
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

  /**
   * The groups of the system's managers, the main one first; empty if the BMC has none. Kept for later calls, unless a
   * manager cannot be read.
   */
  async groups(options: CallOptions = {}): Promise<AttributeGroup[]> {
    return this.#withGroups(options, async ({ groups }) => [...groups]);
  }

  /**
   * The values of a group.
   *
   * @param name default: the first group
   * @throws RedfishArgumentError with the names of the groups, if there is no such group
   */
  async read(name?: string, options: CallOptions = {}): Promise<BmcAttributesView> {
    const { group, view, ...all } = await this.#withGroups(options, async (known) => ({
      ...known,
      ...(await this.#look(named(known, name), options)),
    }));
    const { attributes, registry, applyTimes } = view;
    const pending = group.kind === 'attributes' ? await this.#attributes.pending(view, options) : {};
    return { group, ...all, attributes, pending, registry, applyTimes };
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
    const names = Object.keys(values);
    const find = async (known: Groups): Promise<ReadGroup> => this.#with(names, known, group, options);
    const { group: found, view } = await this.#withGroups(options, find);
    const change = await this.#settings.changeNow(view, placed(found, values), options);
    return { ...change, group: found };
  }

  async #withGroups<T>(options: CallOptions, use: (groups: Groups) => Promise<T>): Promise<T> {
    const find = async (): Promise<Found> => {
      const { managers, unread } = await this.bmc.findManagers(await this.bmc.system(options), options);
      const all = managers.flatMap(({ body }) => groupsOf(body));
      const groups = all.filter(({ name }, at) => all.findIndex((other) => other.name === name) === at);
      return { lines: groups.map((group) => JSON.stringify(group)), unread };
    };
    return withKept(this.bmc, 'bmc-attributes', find, async ({ lines, unread }) =>
      use({ groups: lines.map(decoded), unread }),
    );
  }

  async #look(group: AttributeGroup, options: CallOptions): Promise<ReadGroup> {
    const view = await this.#attributes.read(group.path, options);
    if (group.kind === 'attributes') return { group, view };
    const { body } = view;
    const attributes = flattened(group.kind === 'oem' ? valueAt(body, 'Oem', group.name) : body);
    return { group, view: { ...view, attributes } };
  }

  /** The group that has these attributes. A group that cannot be read has none. */
  async #with(
    names: readonly string[],
    all: Groups,
    group: string | undefined,
    options: CallOptions,
  ): Promise<ReadGroup> {
    const candidates = group === undefined ? all.groups : [named(all, group)];
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
    const text = `The BMC has no attribute ${shortened(fewest)} in ${where}.${similar(fewest, known)}${unreadWords(all.unread)}`;
    throw new RedfishArgumentError('Attributes', text, shown);
  }
}

function named({ groups, unread }: Groups, name: string | undefined): AttributeGroup {
  const group = name === undefined ? groups[0] : groups.find((each) => each.name === name);
  if (group !== undefined) return group;
  const names = groups.map((each) => each.name);
  const has = names.length > 0 ? `it has ${names.join(', ')}` : 'it has none';
  const text = `The BMC has no group of attributes ${name ?? ''}: ${has}.${unreadWords(unread)}`;
  throw new RedfishArgumentError('group', text, names);
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

function decoded(line: string): AttributeGroup {
  const value: unknown = JSON.parse(line);
  const group = isJsonObject(value) ? value : {};
  return {
    kind: KINDS.find((each) => each === group['kind']) ?? 'resource',
    path: textAt(group, 'path') ?? '',
    name: textAt(group, 'name') ?? '',
  };
}
