import { type JsonObject, link } from '../tree/json.js';
import { collection, ROOT } from '../tree/layout.js';
import { base } from './base.js';

export const UPDATES = `${ROOT}/UpdateService`;
const INVENTORY = `${UPDATES}/FirmwareInventory`;

export function firmware(): Record<string, JsonObject> {
  const items = ['BMC', 'BIOS'].map((id): [string, JsonObject] => [
    `${INVENTORY}/${id}`,
    {
      ...base(`${INVENTORY}/${id}`, 'SoftwareInventory.v1_3_0.SoftwareInventory', id, `${id} Firmware`),
      Version: '1.0.0',
      Updateable: true,
    },
  ]);
  const action = `${UPDATES}/Actions/UpdateService.SimpleUpdate`;
  return {
    [UPDATES]: {
      ...base(UPDATES, 'UpdateService.v1_8_0.UpdateService', 'UpdateService', 'Update Service'),
      ServiceEnabled: true,
      FirmwareInventory: link(INVENTORY),
      MultipartHttpPushUri: `${UPDATES}/upload`,
      Actions: {
        '#UpdateService.SimpleUpdate': {
          target: action,
          'TransferProtocol@Redfish.AllowableValues': ['HTTP', 'HTTPS'],
        },
      },
    },
    [INVENTORY]: collection(INVENTORY, 'SoftwareInventoryCollection', 'Firmware', [
      ...items.map(([path]) => path),
    ]),
    ...Object.fromEntries(items),
  };
}
