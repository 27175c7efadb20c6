import { isJsonObject, textAt, valueAt, type JsonObject } from '../json.js';
import type { Memory } from './memory.js';
import type { BmcIdentity } from './quirks.js';

function joined(words: readonly (string | undefined)[]): string | undefined {
  const known = words.map((word) => word?.trim()).filter((word) => word !== undefined && word !== '');
  return known.length === 0 ? undefined : [...new Set(known)].join(' ');
}

function oemKeys(resource: JsonObject): string[] {
  const oem = resource['Oem'];
  return isJsonObject(oem) ? Object.keys(oem) : [];
}

/**
 * Vendor, model and firmware of a BMC: from Vendor of the root, the keys of its Oem (Supermicro and AMI send no
 * Vendor), and managers and system once they were read (the only source with X10 and stock OpenBMC).
 */
export function identityOf(root: JsonObject, memory: Memory): BmcIdentity {
  const hpe = valueAt(root, 'Oem', 'Hpe', 'Manager') ?? valueAt(root, 'Oem', 'Hp', 'Manager');
  const ilo = Array.isArray(hpe) ? hpe[0] : hpe;
  return {
    vendor: joined([textAt(root, 'Vendor'), ...oemKeys(root), ...memory.makers]),
    model: joined([textAt(root, 'Product'), textAt(ilo, 'ManagerType'), ...memory.models]),
    firmware: memory.firmware ?? textAt(ilo, 'ManagerFirmwareVersion'),
  };
}

export function noteMaker(resource: JsonObject, kind: 'manager' | 'system', memory: Memory): void {
  const firmware = kind === 'manager' ? textAt(resource, 'FirmwareVersion') : undefined;
  if (firmware !== undefined) memory.noteFirmware(textAt(resource, '@odata.id') ?? '', firmware);
  const maker = textAt(resource, 'Manufacturer');
  if (maker !== undefined) memory.makers.add(maker);
  for (const key of oemKeys(resource)) memory.makers.add(key);
  if (kind === 'system') return;
  const model = textAt(resource, 'Model');
  if (model !== undefined) memory.models.add(model);
  if (/openbmc/i.test(model ?? '')) memory.makers.add('OpenBMC');
}
