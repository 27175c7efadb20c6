import { type JsonObject, link } from '../tree/json.js';
import { collection, ROOT } from '../tree/layout.js';
import { accounts } from './accounts.js';
import { base } from './base.js';
import { bios } from './bios.js';
import { type Blueprint } from './blueprint.js';
import { certificateLinks, certificates } from './certificates.js';
import { chassisPath } from './chassis.js';
import { dellAttributeLinks, dellAttributes } from './dell-attributes.js';
import { dellJobs } from './dell-jobs.js';
import { equipmentLinks, plantEquipment } from './equipment.js';
import { media } from './media.js';
import { BOOT, resetInfo, resetOf } from './power.js';
import { services } from './services.js';

/** The resources of a blueprint by path. */
export function plant(plan: Blueprint): Record<string, JsonObject> {
  const resources = plantOne(plan);
  for (const [path, resource] of Object.entries(plan.beside ?? {})) {
    if (resource) resources[path] = { '@odata.id': path, ...resource };
    const above = resources[path.slice(0, path.lastIndexOf('/'))];
    const members = above?.['Members'];
    if (above && Array.isArray(members)) {
      above['Members'] = [...members, link(path)];
      above['Members@odata.count'] = members.length + 1;
    }
  }
  return resources;
}

function plantOne(plan: Blueprint): Record<string, JsonObject> {
  const system = `${ROOT}/Systems/${plan.system.id}`;
  const manager = `${ROOT}/Managers/${plan.manager.id}`;
  const managerMedia = plan.manager.media && (plan.manager.media.path ?? `${manager}/VirtualMedia`);
  const systemMedia = plan.isMediaShared ? managerMedia : plan.system.media && `${system}/VirtualMedia`;
  const links = equipmentLinks({ system, manager }, plan.equipment);
  const security = plan.isWithoutCertificates ? { root: {}, manager: {} } : certificateLinks(manager);
  return {
    [ROOT]: { ...root(plan), ...links.root, ...security.root },
    [`${ROOT}/Systems`]: collection(`${ROOT}/Systems`, 'ComputerSystemCollection', 'Systems', [system]),
    [system]: {
      ...base(system, 'ComputerSystem.v1_14_0.ComputerSystem', plan.system.id, 'System'),
      PowerState: 'On',
      AssetTag: '',
      ...links.system,
      ...plan.system.fields,
      Boot: BOOT,
      ...(plan.systemSettings !== undefined && {
        '@Redfish.Settings': {
          '@odata.type': '#Settings.v1_3_0.Settings',
          SettingsObject: link(`${system}/${plan.systemSettings}`),
        },
      }),
      ...(systemMedia !== undefined && { VirtualMedia: link(systemMedia) }),
      ...(!plan.isWithoutBios && { Bios: link(`${system}/Bios`) }),
      Links: { ManagedBy: [link(manager)], Chassis: [link(chassisPath(plan.equipment))] },
      Actions: { '#ComputerSystem.Reset': resetOf(system, 'ComputerSystem', plan.isResetByInfo) },
    },
    ...(plan.systemSettings !== undefined && {
      [`${system}/${plan.systemSettings}`]: {
        ...base(
          `${system}/${plan.systemSettings}`,
          'ComputerSystem.v1_14_0.ComputerSystem',
          plan.systemSettings,
          'Pending Settings',
        ),
        Boot: BOOT,
      },
    }),
    ...(!plan.isWithoutBios && bios(system, plan.biosSettings, plan.biosApplyTimes)),
    [`${ROOT}/Managers`]: collection(`${ROOT}/Managers`, 'ManagerCollection', 'Managers', [manager]),
    [manager]: {
      ...base(manager, 'Manager.v1_10_0.Manager', plan.manager.id, 'Manager'),
      ManagerType: 'BMC',
      DateTimeLocalOffset: '+00:00',
      ...links.manager,
      ...security.manager,
      ...plan.manager.fields,
      ...(managerMedia !== undefined && { VirtualMedia: link(managerMedia) }),
      Links: {
        ManagerForServers: [link(system)],
        ...(plan.hasDellJobs && {
          Oem: {
            Dell: {
              DellAttributes: dellAttributeLinks(manager),
              DellJobService: link(`${manager}/Oem/Dell/DellJobService`),
            },
          },
        }),
      },
      Actions: { '#Manager.Reset': resetOf(manager, 'Manager', plan.isResetByInfo) },
    },
    ...(plan.isResetByInfo && {
      [`${system}/ResetActionInfo`]: resetInfo(system, 'ComputerSystem'),
      [`${manager}/ResetActionInfo`]: resetInfo(manager, 'Manager'),
    }),
    ...(plan.system.media && media(`${system}/VirtualMedia`, plan.system.media)),
    ...(plan.manager.media && media(managerMedia ?? '', plan.manager.media)),
    ...plantEquipment({ system, manager }, plan.equipment),
    ...(plan.hasDellJobs && dellAttributes(manager)),
    ...(plan.hasDellJobs && dellJobs(`${manager}/Oem/Dell/DellJobService`)),
    ...services(plan),
    ...accounts(),
    ...(!plan.isWithoutCertificates && certificates(manager)),
  };
}

function root(plan: Blueprint): JsonObject {
  return {
    '@odata.type': '#ServiceRoot.v1_9_0.ServiceRoot',
    '@odata.id': plan.isRootSlashed ? `${ROOT}/` : ROOT,
    Id: 'RootService',
    Name: 'Root Service',
    ...plan.root,
    Systems: link(`${ROOT}/Systems`),
    Managers: link(`${ROOT}/Managers`),
    SessionService: link(`${ROOT}/SessionService`),
    AccountService: link(`${ROOT}/AccountService`),
    EventService: link(`${ROOT}/EventService`),
    Tasks: link(`${ROOT}/TaskService`),
    ...(plan.hasJobService && { JobService: link(`${ROOT}/JobService`) }),
    Links: { Sessions: link(`${ROOT}/SessionService/Sessions`) },
  };
}
