import { type MediaPlan } from '../blueprints/blueprint.js';
import { CLASSIC_EVENT_TYPES, type VendorProfile } from './profile.js';
import { type VendorRules } from './vendor-rules.js';

const MEDIA: MediaPlan = {
  media: [
    { id: '1', mediaTypes: ['Floppy', 'USBStick'] },
    { id: '2', mediaTypes: ['CD', 'DVD'] },
  ],
  actions: ['InsertMedia', 'EjectMedia'],
  emptyImage: '',
};

const ILO: Pick<VendorRules, 'vendor' | 'errors' | 'etag' | 'sessions' | 'taskLocation'> = {
  vendor: 'HPE',
  errors: {
    registry: 'Base.1.4',
    code: 'iLO.0.10.ExtendedInfo',
    message: 'See @Message.ExtendedInfo for more information.',
    isTerse: true,
  },
  etag: { form: 'weak', told: 'both', ifMatch: 'optional' },
  sessions: {
    limit: 12,
    // The resource says 30; the idle time is configured beside it, in minutes.
    timeoutSeconds: 1800,
    full: { status: 503, id: 'Base.1.4.SessionLimitExceeded' },
    ids: 'token',
  },
  taskLocation: 'monitor',
};

/** What an iLO has of its own settings, in `Oem` of the Manager and in a resource that is linked there. */
const OWN = {
  '@odata.type': '#HpeiLO.v2_8_1.HpeiLO',
  IdleConnectionTimeoutMinutes: 30,
  RequireHostAuthentication: false,
  SerialCLISpeed: 9600,
  SerialCLIUART: 'Present',
  FederationConfig: { MulticastDiscovery: 'Enabled', MulticastTimeToLive: 5 },
  Links: { SecurityService: { '@odata.id': '/redfish/v1/Managers/1/SecurityService' } },
};

const SECURITY = {
  '/redfish/v1/Managers/1/SecurityService': {
    '@odata.id': '/redfish/v1/Managers/1/SecurityService',
    '@odata.type': '#HpeSecurityService.v2_3_1.HpeSecurityService',
    Id: 'SecurityService',
    Name: 'SecurityService',
    SecurityState: 'Production',
    LoginSecurityBanner: { IsEnabled: false, SecurityMessage: '' },
  },
};

const ROOT = {
  Vendor: 'HPE',
  ProtocolFeaturesSupported: {
    ExpandQuery: { ExpandAll: false, Levels: true, Links: false, MaxLevels: 1, NoLinks: true },
  },
};

/** HPE iLO 5: EventTypes are required; an eject without `{}` is 400. */
export const hpeIlo5: VendorProfile = {
  rules: {
    ...ILO,
    subscriptions: {
      style: 'members',
      limit: 24,
      ids: 'number',
      required: ['Destination', 'EventTypes'],
      refused: [
        'RegistryPrefixes',
        'ResourceTypes',
        'DeliveryRetryPolicy',
        'EventFormatType',
        'SubscriptionType',
      ],
      unknownId: 'iLO.2.14.PropertyNotWritableOrUnknown',
      allowed: { EventTypes: CLASSIC_EVENT_TYPES },
      defaults: { '@odata.type': '#EventDestination.v1_0_0.EventDestination', HttpHeaders: [] },
    },
    media: { eject: 'empty-object-400', emptyImage: '' },
  },
  blueprint: {
    equipment: { systemLogs: ['IML'], managerLogs: ['IEL'], readings: 'thermal', indicator: 'IndicatorLED' },
    root: {
      ...ROOT,
      Product: 'ProLiant DL385 Gen10 Plus v2',
      RedfishVersion: '1.6.0',
      Oem: { Hpe: { Manager: [{ ManagerType: 'iLO 5', ManagerFirmwareVersion: '2.72' }] } },
    },
    system: { id: '1', fields: { Manufacturer: 'HPE', Model: 'ProLiant DL385 Gen10 Plus v2' } },
    manager: {
      id: '1',
      fields: { Model: 'iLO 5', FirmwareVersion: 'iLO 5 v2.72', Oem: { Hpe: OWN } },
      media: MEDIA,
    },
    beside: SECURITY,
    eventService: {
      DeliveryRetryAttempts: 3,
      DeliveryRetryIntervalSeconds: 30,
      EventTypesForSubscription: [...CLASSIC_EVENT_TYPES],
    },
    sessionTimeout: 30,
  },
};

/** HPE iLO 4: as iLO 5, with `Oem.Hp` as its only mark, and silent on kept connections. */
export const hpeIlo4: VendorProfile = {
  rules: { ...hpeIlo5.rules, keptConnections: 'silent-on-reuse' },
  blueprint: {
    equipment: { systemLogs: ['IML'], managerLogs: ['IEL'], readings: 'thermal', indicator: 'IndicatorLED' },
    ...hpeIlo5.blueprint,
    isWithoutCertificates: true,
    root: {
      RedfishVersion: '1.0.0',
      Oem: { Hp: { Manager: [{ ManagerType: 'iLO 4', ManagerFirmwareVersion: '2.82' }] } },
    },
    system: { id: '1', fields: { Manufacturer: 'HPE', Model: 'ProLiant DL380 Gen9' } },
    manager: {
      id: '1',
      fields: { Model: 'iLO 4', FirmwareVersion: 'iLO 4 v2.82', Oem: { Hp: OWN } },
      media: MEDIA,
    },
  },
};

const ILO6_PREFIXES = ['iLOEvents', 'ResourceEvent', 'NetworkDevice', 'StorageDevice', 'iLOSecurityEvents'];

/** HPE iLO 6: RegistryPrefixes instead of EventTypes, no DeliveryRetryPolicy; an eject without `{}` is 415. */
export const hpeIlo6: VendorProfile = {
  rules: {
    ...ILO,
    errors: { ...ILO.errors, registry: 'Base.1.18' },
    subscriptions: {
      style: 'members',
      limit: 24,
      ids: 'number',
      required: ['Destination', 'RegistryPrefixes'],
      // metal-operator#754, #755
      refused: ['EventTypes', 'DeliveryRetryPolicy'],
      unknownId: 'iLO.2.24.PropertyNotWritableOrUnknown',
      allowed: { RegistryPrefixes: ILO6_PREFIXES },
      defaults: { HttpHeaders: [], SubscriptionType: 'RedfishEvent' },
    },
    media: { eject: 'empty-object-415', emptyImage: '' },
  },
  blueprint: {
    equipment: { systemLogs: ['IML'], managerLogs: ['IEL'], readings: 'thermal', indicator: 'IndicatorLED' },
    root: {
      ...ROOT,
      Product: 'ProLiant DL380a Gen11',
      RedfishVersion: '1.20.0',
      Oem: { Hpe: { Manager: [{ ManagerType: 'iLO 6', ManagerFirmwareVersion: '1.66' }] } },
    },
    system: { id: '1', fields: { Manufacturer: 'HPE', Model: 'ProLiant DL380a Gen11' } },
    manager: {
      id: '1',
      fields: { Model: 'iLO 6', FirmwareVersion: 'iLO 6 v1.66', Oem: { Hpe: OWN } },
      media: MEDIA,
    },
    beside: SECURITY,
    eventService: {
      DeliveryRetryAttempts: 3,
      DeliveryRetryIntervalSeconds: 30,
      RegistryPrefixes: ILO6_PREFIXES,
    },
    sessionTimeout: 30,
  },
};
