import { type JsonObject } from '../tree/json.js';
import { base } from './base.js';

/** `Boot` of a System. */
export const BOOT: JsonObject = {
  BootSourceOverrideEnabled: 'Disabled',
  'BootSourceOverrideEnabled@Redfish.AllowableValues': ['Disabled', 'Once', 'Continuous'],
  BootSourceOverrideMode: 'UEFI',
  'BootSourceOverrideMode@Redfish.AllowableValues': ['Legacy', 'UEFI'],
  BootSourceOverrideTarget: 'None',
  'BootSourceOverrideTarget@Redfish.AllowableValues': [
    'None',
    'Pxe',
    'Cd',
    'Usb',
    'Hdd',
    'BiosSetup',
    'UefiHttp',
  ],
};

const RESETS = {
  ComputerSystem: [
    'On',
    'ForceOff',
    'ForceRestart',
    'GracefulRestart',
    'GracefulShutdown',
    'PushPowerButton',
    'Nmi',
    'PowerCycle',
  ],
  Manager: ['GracefulRestart', 'ForceRestart'],
};

export function resetOf(owner: string, type: keyof typeof RESETS, isByInfo = false): JsonObject {
  const target = `${owner}/Actions/${type}.Reset`;
  return isByInfo
    ? { target, '@Redfish.ActionInfo': `${owner}/ResetActionInfo` }
    : { target, 'ResetType@Redfish.AllowableValues': RESETS[type] };
}

export function resetInfo(owner: string, type: keyof typeof RESETS): JsonObject {
  return {
    ...base(
      `${owner}/ResetActionInfo`,
      'ActionInfo.v1_1_2.ActionInfo',
      'ResetActionInfo',
      'Reset Action Info',
    ),
    Parameters: [{ Name: 'ResetType', Required: true, DataType: 'String', AllowableValues: RESETS[type] }],
  };
}
