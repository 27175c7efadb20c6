import { type JsonObject, link } from '../tree/json.js';
import { type Equipment, equipmentLinks, plantEquipment } from './equipment.js';
import { collection, ROOT } from '../tree/layout.js';
import { type ResourceTree } from '../tree/tree.js';

export interface MediumPlan {
  readonly id: string;
  readonly mediaTypes?: readonly string[];
  readonly extra?: JsonObject;
}

export interface MediaPlan {
  /** Default: `<owner>/VirtualMedia`. */
  readonly path?: string;
  readonly media: readonly MediumPlan[];
  readonly actions: readonly ('InsertMedia' | 'EjectMedia')[];
  /** Image and ImageName of an empty medium; `undefined`: absent. */
  readonly emptyImage?: string | null;
}

export interface Blueprint {
  /** Properties of the service root beside the links. */
  readonly root: JsonObject;
  /** Whether the `@odata.id` of the root ends in a slash. */
  readonly isRootSlashed?: boolean;
  readonly system: { readonly id: string; readonly fields: JsonObject; readonly media?: MediaPlan };
  readonly manager: { readonly id: string; readonly fields: JsonObject; readonly media?: MediaPlan };
  readonly isMediaShared?: boolean;
  readonly eventService: JsonObject;
  readonly subscriptionCapabilities?: JsonObject;
  readonly sessionTimeout: number;
  readonly hasJobService?: boolean;
  /** The last part of the path of pending BIOS values; default `Settings`. */
  readonly biosSettings?: string;
  /** When pending BIOS values may be applied; absent: the BMC does not say. */
  readonly biosApplyTimes?: readonly string[];
  /** The values of ResetType are in an ActionInfo resource instead of the action itself. */
  readonly isResetByInfo?: boolean;
  readonly equipment?: Equipment;
  /** Dell's own service for the jobs of a Manager. */
  readonly hasDellJobs?: boolean;
}

const BOOT: JsonObject = {
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

function resetOf(owner: string, type: keyof typeof RESETS, isByInfo = false): JsonObject {
  const target = `${owner}/Actions/${type}.Reset`;
  return isByInfo
    ? { target, '@Redfish.ActionInfo': `${owner}/ResetActionInfo` }
    : { target, 'ResetType@Redfish.AllowableValues': RESETS[type] };
}

function resetInfo(owner: string, type: keyof typeof RESETS): JsonObject {
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

export function plant(plan: Blueprint): Record<string, JsonObject> {
  const system = `${ROOT}/Systems/${plan.system.id}`;
  const manager = `${ROOT}/Managers/${plan.manager.id}`;
  const managerMedia = plan.manager.media && (plan.manager.media.path ?? `${manager}/VirtualMedia`);
  const systemMedia = plan.isMediaShared ? managerMedia : plan.system.media && `${system}/VirtualMedia`;
  const links = equipmentLinks({ system, manager }, plan.equipment);
  return {
    [ROOT]: { ...root(plan), ...links.root },
    [`${ROOT}/Systems`]: collection(`${ROOT}/Systems`, 'ComputerSystemCollection', 'Systems', [system]),
    [system]: {
      ...base(system, 'ComputerSystem.v1_12_0.ComputerSystem', plan.system.id, 'System'),
      PowerState: 'On',
      AssetTag: '',
      ...links.system,
      ...plan.system.fields,
      Boot: BOOT,
      ...(systemMedia !== undefined && { VirtualMedia: link(systemMedia) }),
      Bios: link(`${system}/Bios`),
      Links: { ManagedBy: [link(manager)], Chassis: [link(`${ROOT}/Chassis/1`)] },
      Actions: { '#ComputerSystem.Reset': resetOf(system, 'ComputerSystem', plan.isResetByInfo) },
    },
    ...bios(system, plan.biosSettings, plan.biosApplyTimes),
    [`${ROOT}/Managers`]: collection(`${ROOT}/Managers`, 'ManagerCollection', 'Managers', [manager]),
    [manager]: {
      ...base(manager, 'Manager.v1_10_0.Manager', plan.manager.id, 'Manager'),
      ManagerType: 'BMC',
      DateTimeLocalOffset: '+00:00',
      ...links.manager,
      ...plan.manager.fields,
      ...(managerMedia !== undefined && { VirtualMedia: link(managerMedia) }),
      Links: {
        ManagerForServers: [link(system)],
        ...(plan.hasDellJobs && {
          Oem: { Dell: { DellJobService: link(`${manager}/Oem/Dell/DellJobService`) } },
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
    ...(plan.hasDellJobs && dellJobs(`${manager}/Oem/Dell/DellJobService`)),
    ...services(plan),
  };
}

function bios(
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

function dellJobs(path: string): Record<string, JsonObject> {
  const target = `${path}/Actions/DellJobService.DeleteJobQueue`;
  return {
    [path]: {
      ...base(path, 'DellJobService.v1_2_0.DellJobService', 'Job Service', 'DellJobService'),
      Actions: { '#DellJobService.DeleteJobQueue': { target } },
    },
  };
}

/** Adds a System whose Manager has no virtual media, as accelerator boards have. */
export function plantSecondSystem(tree: ResourceTree): void {
  const system = `${ROOT}/Systems/HGX_Baseboard_0`;
  const manager = `${ROOT}/Managers/HGX_BMC_0`;
  tree.addMember(`${ROOT}/Systems`, system, {
    ...base(system, 'ComputerSystem.v1_12_0.ComputerSystem', 'HGX_Baseboard_0', 'Baseboard'),
    Links: { ManagedBy: [link(manager)] },
  });
  tree.addMember(`${ROOT}/Managers`, manager, {
    ...base(manager, 'Manager.v1_10_0.Manager', 'HGX_BMC_0', 'Baseboard BMC'),
    Links: { ManagerForServers: [link(system)] },
  });
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
    EventService: link(`${ROOT}/EventService`),
    Tasks: link(`${ROOT}/TaskService`),
    ...(plan.hasJobService && { JobService: link(`${ROOT}/JobService`) }),
    Links: { Sessions: link(`${ROOT}/SessionService/Sessions`) },
  };
}

function services(plan: Blueprint): Record<string, JsonObject> {
  const sessions = `${ROOT}/SessionService`;
  const events = `${ROOT}/EventService`;
  const tasks = `${ROOT}/TaskService`;
  const jobs = `${ROOT}/JobService`;
  return {
    [sessions]: {
      ...base(sessions, 'SessionService.v1_1_8.SessionService', 'SessionService', 'Session Service'),
      ServiceEnabled: true,
      SessionTimeout: plan.sessionTimeout,
      Sessions: link(`${sessions}/Sessions`),
    },
    [`${sessions}/Sessions`]: collection(`${sessions}/Sessions`, 'SessionCollection', 'Sessions'),
    [events]: {
      ...base(events, 'EventService.v1_7_0.EventService', 'EventService', 'Event Service'),
      ServiceEnabled: true,
      ...plan.eventService,
      Subscriptions: link(`${events}/Subscriptions`),
      Actions: {
        '#EventService.SubmitTestEvent': { target: `${events}/Actions/EventService.SubmitTestEvent` },
      },
    },
    ...subscriptions(`${events}/Subscriptions`, plan.subscriptionCapabilities),
    [tasks]: {
      ...base(tasks, 'TaskService.v1_1_5.TaskService', 'TaskService', 'Task Service'),
      ServiceEnabled: true,
      Tasks: link(`${tasks}/Tasks`),
    },
    [`${tasks}/Tasks`]: collection(`${tasks}/Tasks`, 'TaskCollection', 'Tasks'),
    ...(plan.hasJobService && {
      [jobs]: {
        ...base(jobs, 'JobService.v1_0_4.JobService', 'JobService', 'Job Service'),
        ServiceEnabled: true,
        Jobs: link(`${jobs}/Jobs`),
      },
      [`${jobs}/Jobs`]: collection(`${jobs}/Jobs`, 'JobCollection', 'Jobs'),
    }),
  };
}

function subscriptions(path: string, capabilities: JsonObject | undefined): Record<string, JsonObject> {
  const plain = collection(path, 'EventDestinationCollection', 'Event Subscriptions');
  if (!capabilities) {
    return { [path]: plain };
  }
  const id = 'Capabilities';
  const use = { CapabilitiesObject: link(`${path}/${id}`), Links: { TargetCollection: link(path) } };
  return {
    [path]: { ...plain, '@Redfish.CollectionCapabilities': { Capabilities: [use] } },
    [`${path}/${id}`]: {
      ...base(`${path}/${id}`, 'EventDestination.v1_11_2.EventDestination', id, id),
      ...capabilities,
    },
  };
}

function media(path: string, plan: MediaPlan): Record<string, JsonObject> {
  const members = plan.media.map(({ id }) => `${path}/${id}`);
  const resources = plan.media.map(({ id, mediaTypes, extra }): [string, JsonObject] => [
    `${path}/${id}`,
    {
      ...base(`${path}/${id}`, 'VirtualMedia.v1_3_0.VirtualMedia', id, 'Virtual Media'),
      ...(mediaTypes && { MediaTypes: [...mediaTypes] }),
      ...(plan.emptyImage !== undefined && { Image: plan.emptyImage, ImageName: plan.emptyImage }),
      Inserted: false,
      ConnectedVia: 'NotConnected',
      WriteProtected: true,
      ...extra,
      ...(plan.actions.length > 0 && { Actions: actions(`${path}/${id}`, plan.actions) }),
    },
  ]);
  return {
    [path]: collection(path, 'VirtualMediaCollection', 'Virtual Media', members),
    ...Object.fromEntries(resources),
  };
}

function actions(path: string, names: MediaPlan['actions']): JsonObject {
  return Object.fromEntries(
    names.map((name) => [`#VirtualMedia.${name}`, { target: `${path}/Actions/VirtualMedia.${name}` }]),
  );
}

function base(path: string, type: string, id: string, name: string): JsonObject {
  return { '@odata.id': path, '@odata.type': `#${type}`, Id: id, Name: name };
}
