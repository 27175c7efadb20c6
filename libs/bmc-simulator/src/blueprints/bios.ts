import { type JsonObject, link } from '../tree/json.js';
import { base } from './base.js';

export function bios(
  system: string,
  last = 'Settings',
  applyTimes: readonly string[] = [],
): Record<string, JsonObject> {
  const path = `${system}/Bios`;
  return {
    [path]: {
      ...base(path, 'Bios.v1_1_0.Bios', 'Bios', 'BIOS Configuration'),
      AttributeRegistry: 'BiosAttributeRegistry.v1_0_0',
      Attributes: { BootMode: 'Uefi', ProcVirtualization: 'Enabled', NumLock: true, PowerLimit: 0 },
      '@Redfish.Settings': {
        '@odata.type': '#Settings.v1_3_0.Settings',
        SettingsObject: link(`${path}/${last}`),
        ...(applyTimes.length > 0 && { SupportedApplyTimes: [...applyTimes] }),
      },
    },
    [`${path}/${last}`]: {
      ...base(`${path}/${last}`, 'Bios.v1_1_0.Bios', last, 'BIOS Pending Settings'),
      Attributes: {},
    },
  };
}
