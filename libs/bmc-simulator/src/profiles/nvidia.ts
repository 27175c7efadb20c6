import { type JsonObject, link } from '../tree/json.js';
import { ROOT } from '../tree/layout.js';
import { ami } from './ami.js';
import { openbmc } from './openbmc.js';
import { EXPANDS, type VendorProfile } from './profile.js';

const SERVICE = { Vendor: 'NVIDIA', RedfishVersion: '1.17.0' };
const GPUS = [1, 2, 3, 4, 5, 6, 7, 8];

/**
 * DGX H100 (AMI MegaRAC): a second System and Manager for the board of the GPUs, whose resources are read from another
 * BMC and take their time; one GPU is listed, but does not answer. Virtual media have to be enabled first.
 */
export const nvidiaDgxH100: VendorProfile = {
  rules: {
    ...ami.rules,
    vendor: 'NVIDIA',
    etag: { form: 'strong', told: 'both', ifMatch: 'optional' },
    slow: { path: /HGX_/, ms: 50 },
  },
  blueprint: {
    ...ami.blueprint,
    root: {
      ...ami.blueprint.root,
      RedfishVersion: '1.11.0',
    },
    systemSettings: 'SD',
    system: { id: 'DGX', fields: { Manufacturer: 'NVIDIA', Model: 'DGXH100' } },
    manager: {
      id: 'BMC',
      fields: { Model: 'AST2600', FirmwareVersion: '24.09.17' },
      media: { media: [], actions: [] },
    },
    equipment: { chassis: 'DGX', managerLogs: ['SEL', 'EventLog'], indicator: 'IndicatorLED' },
    beside: {
      ...board(),
      ...Object.fromEntries(GPUS.map((number) => gpu(number))),
      [`${ROOT}/Managers/HGX_FabricManager_0`]: {
        ...named('Manager.v1_10_0.Manager', 'HGX_FabricManager_0'),
        ManagerType: 'Service',
      },
      ...firmware('HGX_FW_BMC_0', 'HGX_FW_GPU_SXM_1'),
    },
  },
};

/** The tray of an NVLink switch: no host that boots, so neither virtual media nor BIOS attributes. */
export const nvidiaNvswitch: VendorProfile = {
  rules: { ...openbmc.rules, vendor: 'NVIDIA', slow: { path: /NVSwitch_/, ms: 50 } },
  blueprint: {
    ...openbmc.blueprint,
    root: { ...SERVICE, Product: 'NVLink Switch', ProtocolFeaturesSupported: EXPANDS },
    system: { id: 'System_0', fields: { Manufacturer: 'NVIDIA', Model: 'NVLink Switch Tray' } },
    manager: {
      id: 'BMC_0',
      fields: { Manufacturer: 'NVIDIA', Model: 'OpenBmc', FirmwareVersion: '88.0002.0931' },
    },
    isWithoutBios: true,
    equipment: { chassis: 'MGX_BMC_0', systemLogs: ['EventLog'] },
    beside: {
      ...chassis('MGX_ERoT_BMC_0', 'Component'),
      ...chassis('MGX_NVSwitch_0', 'Component'),
      ...chassis('MGX_NVSwitch_1', 'Component'),
      ...firmware('MGX_FW_BMC_0', 'MGX_FW_FPGA_0', 'MGX_FW_NVSwitch_0'),
    },
  },
};

/** BlueField, a DPU with a BMC of its own: it is installed over the network, and has no virtual media. */
export const nvidiaBluefield: VendorProfile = {
  rules: { ...openbmc.rules, vendor: 'NVIDIA' },
  blueprint: {
    ...openbmc.blueprint,
    root: { ...SERVICE, Product: 'BlueField-3 DPU', ProtocolFeaturesSupported: EXPANDS },
    system: {
      id: 'Bluefield',
      fields: {
        '@odata.type': '#ComputerSystem.v1_16_0.ComputerSystem',
        Manufacturer: 'NVIDIA',
        Model: 'BlueField-3',
        SystemType: 'DPU',
      },
    },
    manager: {
      id: 'Bluefield_BMC',
      fields: { Manufacturer: 'NVIDIA', Model: 'OpenBmc', FirmwareVersion: 'BF-24.10-17' },
    },
    equipment: { chassis: 'Card1', systemLogs: ['EventLog'] },
    beside: {
      ...chassis('Bluefield_BMC', 'Component'),
      ...chassis('Bluefield_ERoT', 'Component'),
      ...firmware('BMC_Firmware', 'DPU_UEFI', 'DPU_NIC'),
    },
  },
};

function board(): Record<string, JsonObject> {
  const system = `${ROOT}/Systems/HGX_Baseboard_0`;
  const manager = `${ROOT}/Managers/HGX_BMC_0`;
  return {
    [system]: {
      ...named('ComputerSystem.v1_14_0.ComputerSystem', 'HGX_Baseboard_0'),
      SystemType: 'Physical',
      PowerState: 'On',
      Links: { ManagedBy: [link(manager)], Chassis: [link(`${ROOT}/Chassis/HGX_Chassis_0`)] },
    },
    [manager]: {
      ...named('Manager.v1_10_0.Manager', 'HGX_BMC_0'),
      ManagerType: 'BMC',
      Links: { ManagerForServers: [link(system)] },
    },
    ...chassis('HGX_Chassis_0', 'Module'),
  };
}

/** One of the eight does not answer. */
function gpu(number: number): [string, JsonObject | null] {
  const id = `HGX_GPU_SXM_${number}`;
  const path = `${ROOT}/Chassis/${id}`;
  return [path, number === 5 ? null : { ...named('Chassis.v1_14_0.Chassis', id), ChassisType: 'Module' }];
}

function chassis(id: string, type: string): Record<string, JsonObject> {
  return { [`${ROOT}/Chassis/${id}`]: { ...named('Chassis.v1_14_0.Chassis', id), ChassisType: type } };
}

function firmware(...ids: readonly string[]): Record<string, JsonObject> {
  const items = ids.map((id): [string, JsonObject] => [
    `${ROOT}/UpdateService/FirmwareInventory/${id}`,
    { ...named('SoftwareInventory.v1_3_0.SoftwareInventory', id), Version: '1.0.0', Updateable: true },
  ]);
  return Object.fromEntries(items);
}

function named(type: string, id: string): JsonObject {
  return { '@odata.type': `#${type}`, Id: id, Name: id };
}
