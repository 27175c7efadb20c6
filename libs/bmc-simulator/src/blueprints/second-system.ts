import { link } from '../tree/json.js';
import { ROOT } from '../tree/layout.js';
import { type ResourceTree } from '../tree/tree.js';
import { base } from './base.js';

/** Adds a System whose Manager has no virtual media, as accelerator boards have. */
export function plantSecondSystem(tree: ResourceTree): void {
  const system = `${ROOT}/Systems/HGX_Baseboard_0`;
  const manager = `${ROOT}/Managers/HGX_BMC_0`;
  tree.addMember(`${ROOT}/Systems`, system, {
    ...base(system, 'ComputerSystem.v1_14_0.ComputerSystem', 'HGX_Baseboard_0', 'Baseboard'),
    Links: { ManagedBy: [link(manager)] },
  });
  tree.addMember(`${ROOT}/Managers`, manager, {
    ...base(manager, 'Manager.v1_10_0.Manager', 'HGX_BMC_0', 'Baseboard BMC'),
    Links: { ManagerForServers: [link(system)] },
  });
}
