import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  isJsonObject,
  childObject,
  type Json,
  type JsonObject,
  linkOf,
  linksOf,
  parseJson,
  stringOf,
} from '../tree/json.js';
import { layoutOf, ROOT } from '../tree/layout.js';
import { type ProfileName, profiles } from './index.js';
import { ResourceTree } from '../tree/tree.js';
import { FREE_SLOT, type VendorRules } from './vendor-rules.js';

/** The folders below `directory` that contain `redfish/v1/index.json`, sorted. */
export function sampleTrees(directory: string): string[] {
  if (!existsSync(directory)) {
    return [];
  }
  if (existsSync(join(directory, 'redfish', 'v1', 'index.json'))) {
    return [directory];
  }
  return readdirSync(directory)
    .sort()
    .map((name) => join(directory, name))
    .filter((path) => statSync(path).isDirectory())
    .flatMap((path) => sampleTrees(path));
}

export function sampleTree(directory: string): { tree: ResourceTree; rules: VendorRules } {
  const resources = Object.fromEntries(readResources(join(directory, 'redfish', 'v1'), ROOT));
  if (!resources[ROOT]) {
    throw new Error(`${directory} holds no redfish/v1/index.json.`);
  }
  const tree = new ResourceTree(resources);
  return { tree, rules: rulesOf(tree) };
}

function readResources(folder: string, path: string): [string, JsonObject][] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry): [string, JsonObject][] => {
    const file = join(folder, entry.name);
    if (entry.isDirectory()) {
      return readResources(file, `${path}/${entry.name}`);
    }
    const resource = entry.name === 'index.json' ? parseJson(readFileSync(file, 'utf8')) : undefined;
    // Some recordings contain the body of a 404 for a missing resource.
    return isJsonObject(resource) && !('error' in resource) ? [[path, resource]] : [];
  });
}

function rulesOf(tree: ResourceTree): VendorRules {
  const { rules } = profiles[profileOf(tree)];
  const { eventService, subscriptions } = layoutOf(tree);
  const service = tree.get(eventService);
  const members = tree.members(subscriptions).map((path) => tree.get(path));
  const isSlotted = members.some((member) => member?.['Destination'] === FREE_SLOT);
  const media = mediaOf(tree);
  return {
    ...rules,
    etag: etagOf(tree) ?? rules.etag,
    subscriptions: {
      ...rules.subscriptions,
      ...subscriptionRules(rules, service),
      style: isSlotted ? 'slots' : 'members',
      limit: isSlotted ? tree.members(subscriptions).length : rules.subscriptions.limit,
    },
    media: {
      ...rules.media,
      ...(media.length > 0 && { eject: ejectOf(media, rules), isEjectHiddenWhileEmpty: hidesEject(media) }),
    },
  };
}

/** The profile by Vendor, else by the keys of Oem, else by the Manager. */
function profileOf(tree: ResourceTree): ProfileName {
  const root = tree.get(ROOT);
  const managers = tree.members(`${ROOT}/Managers`).map((path) => tree.get(path));
  const systems = tree.members(`${ROOT}/Systems`).map((path) => tree.get(path));
  const told = [
    stringOf(root?.['Vendor']),
    ...Object.keys(childObject(root, 'Oem')),
    ...managers.flatMap((manager) => [
      stringOf(manager?.['Model']),
      ...Object.keys(childObject(manager, 'Oem')),
    ]),
    ...systems.map((system) => stringOf(system?.['Manufacturer'])),
  ]
    .join(' ')
    .toLowerCase();
  const word = told.split(/[\s.]+/).find((one) => one in PROFILE_BY_WORD);
  const profile = word === undefined ? 'generic' : (PROFILE_BY_WORD[word] ?? 'generic');
  if (profile === 'hpe-ilo5' && told.includes('ilo 6')) {
    return 'hpe-ilo6';
  }
  const isOld = childObject(root, 'ProtocolFeaturesSupported')['ExpandQuery'] === undefined;
  return profile === 'supermicro-x13' && isOld ? 'supermicro-x10' : profile;
}

/** Profiles by a word of the vendor; the first match counts. */
const PROFILE_BY_WORD: Readonly<Record<string, ProfileName>> = {
  dell: 'dell-idrac9',
  hpe: 'hpe-ilo5',
  lenovo: 'lenovo-xcc',
  supermicro: 'supermicro-x13',
  ami: 'ami',
  openbmc: 'openbmc',
};

/** The form of the recorded ETags; whether If-Match is required stays the vendor's rule. */
function etagOf(tree: ResourceTree): VendorRules['etag'] | undefined {
  const told = tree.paths().map((path) => stringOf(tree.get(path)?.['@odata.etag']));
  const first = told.find((etag) => etag !== undefined);
  if (first === undefined) {
    return undefined;
  }
  const { rules } = profiles[profileOf(tree)];
  const form = first.startsWith('W/') ? 'weak' : 'strong';
  return { ...rules.etag, form, ifMatch: form === rules.etag.form ? rules.etag.ifMatch : 'optional' };
}

/** EventTypes are accepted only if the recording publishes them. */
function subscriptionRules(
  rules: VendorRules,
  service: JsonObject | undefined,
): Partial<VendorRules['subscriptions']> {
  const { required, refused, known, allowed } = rules.subscriptions;
  const published = [
    'EventTypesForSubscription',
    'RegistryPrefixes',
    'ResourceTypes',
    'EventFormatTypes',
  ] as const;
  const values = Object.fromEntries(
    published.flatMap((name) => {
      const list = stringsOf(service?.[name]);
      return list.length > 0 ? [[PROPERTY_OF[name], list]] : [];
    }),
  );
  const hasTypes = 'EventTypes' in values;
  return {
    allowed: { ...allowed, ...values },
    required: required.filter(
      (name) => (name !== 'EventTypes' && name !== 'RegistryPrefixes') || name in values,
    ),
    refused: [
      ...new Set([...refused.filter((name) => !(name in values)), ...(hasTypes ? [] : ['EventTypes'])]),
    ],
    ...(known && { known: hasTypes ? [...known, 'EventTypes'] : known }),
  };
}

const PROPERTY_OF = {
  EventTypesForSubscription: 'EventTypes',
  RegistryPrefixes: 'RegistryPrefixes',
  ResourceTypes: 'ResourceTypes',
  EventFormatTypes: 'EventFormatType',
} as const;

function stringsOf(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function mediaOf(tree: ResourceTree): JsonObject[] {
  const collections = tree.paths().map((path) => linkOf(tree.get(path)?.['VirtualMedia']));
  const members = collections.flatMap((path) =>
    path === undefined ? [] : linksOf(tree.get(path)?.['Members']),
  );
  return members.map((path) => tree.get(path)).filter((medium) => medium !== undefined);
}

function ejectOf(media: readonly JsonObject[], rules: VendorRules): VendorRules['media']['eject'] {
  const hasActions = media.some((medium) => Object.keys(childObject(medium, 'Actions')).length > 0);
  const byAction = rules.media.eject === 'patch' ? 'action' : rules.media.eject;
  return hasActions ? byAction : 'patch';
}

function hidesEject(media: readonly JsonObject[]): boolean {
  return media.some((medium) => {
    const actions = childObject(medium, 'Actions');
    return '#VirtualMedia.InsertMedia' in actions && !('#VirtualMedia.EjectMedia' in actions);
  });
}
