import { type VendorProfile } from './profile.js';

const REGISTRIES = ['Base', 'OpenBMC', 'TaskEvent', 'ResourceEvent'];
const RESOURCES = ['Task', 'Systems', 'Managers', 'Chassis', 'VirtualMedia'];

/** OpenBMC: refuses EventTypes, puts messages beside the property, empty media have no Image. */
export const openbmc: VendorProfile = {
  rules: {
    vendor: 'OpenBMC',
    errors: { registry: 'Base.1.16.0', isAnnotatingProperties: true },
    etag: { form: 'strong', told: 'header', ifMatch: 'optional' },
    sessions: {
      limit: 64,
      timeoutSeconds: 1800,
      full: { status: 503, id: 'SessionLimitExceeded' },
      ids: 'token',
    },
    accounts: { ids: 'name' },
    subscriptions: {
      style: 'members',
      limit: 20,
      ids: 'number',
      required: ['Destination', 'Protocol'],
      refused: [],
      // bmcweb redfish-core/lib/event_service.hpp
      known: [
        'Context',
        'DeliveryRetryPolicy',
        'Destination',
        'EventFormatType',
        'HeartbeatIntervalMinutes',
        'HttpHeaders',
        'MessageIds',
        'MetricReportDefinitions',
        'OriginResources',
        'Protocol',
        'RegistryPrefixes',
        'ResourceTypes',
        'SendHeartbeat',
        'SubscriptionType',
        'VerifyCertificate',
      ],
      allowed: {
        EventFormatType: ['Event', 'MetricReport'],
        Protocol: ['Redfish', 'SNMPv1', 'SNMPv2c', 'SNMPv3'],
        RegistryPrefixes: REGISTRIES,
        ResourceTypes: RESOURCES,
        SubscriptionType: ['RedfishEvent', 'SNMPTrap'],
      },
      defaults: {
        DeliveryRetryPolicy: 'TerminateAfterRetries',
        EventFormatType: 'Event',
        SubscriptionType: 'RedfishEvent',
        HttpHeaders: [],
        VerifyCertificate: true,
      },
    },
    media: { eject: 'action' },
    taskLocation: 'monitor',
  },
  blueprint: {
    equipment: { systemLogs: ['EventLog'] },
    root: {
      RedfishVersion: '1.17.0',
      ProtocolFeaturesSupported: {
        ExpandQuery: { ExpandAll: false, Levels: false, Links: false, NoLinks: false },
      },
    },
    system: { id: 'system', fields: { Manufacturer: '', Model: '' } },
    manager: {
      id: 'bmc',
      fields: { Model: 'OpenBmc', FirmwareVersion: '2.15.0', Oem: { OpenBmc: {} } },
      media: {
        media: [
          { id: 'USB2', mediaTypes: ['CD', 'USBStick'] },
          { id: 'USB1', mediaTypes: ['CD', 'USBStick'] },
        ],
        actions: ['InsertMedia', 'EjectMedia'],
      },
    },
    eventService: {
      ServerSentEventUri: '/redfish/v1/EventService/SSE',
      DeliveryRetryAttempts: 3,
      DeliveryRetryIntervalSeconds: 30,
      EventFormatTypes: ['Event', 'MetricReport'],
      RegistryPrefixes: REGISTRIES,
      ResourceTypes: RESOURCES,
    },
    sessionTimeout: 1800,
    isResetByInfo: true,
  },
};
