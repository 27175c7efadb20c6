import { type JsonObject, link } from '../tree/json.js';
import { base } from './base.js';

/** Attributes by group, as `Links.Oem.Dell.DellAttributes` of an iDRAC lists them. */
const GROUPS: Readonly<Record<string, { readonly registry: string; readonly attributes: JsonObject }>> = {
  'iDRAC.Embedded.1': {
    registry: 'ManagerAttributeRegistry.v1_0_0',
    attributes: {
      'IPMILan.1.Enable': 'Disabled',
      'NTPConfigGroup.1.NTPEnable': 'Disabled',
      'NTPConfigGroup.1.NTP1': '',
      'WebServer.1.Timeout': 1800,
      'Users.2.Password': null,
      'Info.1.Version': '7.10.30.00',
    },
  },
  'System.Embedded.1': {
    registry: 'SystemAttributeRegistry.v1_0_0',
    attributes: { 'ServerPwr.1.PSRedPolicy': 'A/B Grid Redundant', 'LCD.1.Configuration': 'Service Tag' },
  },
  'LifecycleController.Embedded.1': {
    registry: 'LCAttributeRegistry.v1_0_0',
    attributes: { 'LCAttributes.1.CollectSystemInventoryOnRestart': 'Enabled' },
  },
};

export function dellAttributes(manager: string): Record<string, JsonObject> {
  return Object.fromEntries(
    Object.entries(GROUPS).flatMap(([id, { registry, attributes }]) => {
      const path = pathOf(manager, id);
      const type = 'DellAttributes.v1_0_0.DellAttributes';
      return [
        [
          path,
          {
            ...base(path, type, id, 'OEMAttributeRegistry'),
            AttributeRegistry: registry,
            Attributes: attributes,
            '@Redfish.Settings': {
              '@odata.type': '#Settings.v1_3_0.Settings',
              SettingsObject: link(`${path}/Settings`),
              SupportedApplyTimes: ['Immediate', 'AtMaintenanceWindowStart'],
            },
          },
        ],
        [
          `${path}/Settings`,
          { ...base(`${path}/Settings`, type, 'Settings', 'Pending Attributes'), Attributes: {} },
        ],
      ];
    }),
  );
}

export function dellAttributeLinks(manager: string): JsonObject[] {
  return Object.keys(GROUPS).map((id) => link(pathOf(manager, id)));
}

function pathOf(manager: string, id: string): string {
  return `${manager}/Oem/Dell/DellAttributes/${id}`;
}
