import { EXPANDS, type VendorProfile } from './profile.js';

const REGISTRIES = ['EventLog', 'HttpStatus', 'Base', 'SyncAgent', 'IPMI', 'Security', 'Task'];
const RESOURCES = ['Chassis', 'Systems', 'AccountService', 'EventService', 'Managers', 'TelemetryService'];

/** AMI MegaRAC as Gigabyte ships it: no MediaTypes, `None` as text, weak ETags that it refuses itself. */
export const ami: VendorProfile = {
  rules: {
    vendor: 'AMI',
    errors: { registry: 'Base.1.5' },
    // community.general#6434
    etag: { form: 'weak', told: 'both', ifMatch: 'no-weak' },
    sessions: {
      limit: 16,
      timeoutSeconds: 30,
      full: { status: 503, id: 'SessionLimitExceeded' },
      ids: 'token',
    },
    subscriptions: {
      style: 'members',
      limit: 32,
      ids: 'number',
      required: ['Destination', 'Protocol', 'Context'],
      refused: ['EventTypes'],
      allowed: { RegistryPrefixes: REGISTRIES, ResourceTypes: RESOURCES },
      defaults: { EventFormatType: 'Event', SubscriptionType: 'RedfishEvent', SubordinateResources: false },
    },
    media: { eject: 'action', emptyImage: 'None' },
    taskLocation: 'monitor',
  },
  blueprint: {
    root: {
      Vendor: 'AMI',
      Product: 'AMI Redfish Server',
      RedfishVersion: '1.7.0',
      ProtocolFeaturesSupported: EXPANDS,
      Oem: { Ami: {} },
    },
    system: { id: 'Self', fields: { Manufacturer: 'GIGABYTE', Model: 'H262-Z63-00' } },
    manager: {
      id: 'Self',
      fields: { Model: '410810600', FirmwareVersion: '12.84.13' },
      media: { media: [{ id: 'CD1' }], actions: ['InsertMedia', 'EjectMedia'], emptyImage: 'None' },
    },
    eventService: {
      DeliveryRetryAttempts: 3,
      DeliveryRetryIntervalSeconds: 60,
      EventFormatTypes: ['MetricReport', 'Event'],
      RegistryPrefixes: REGISTRIES,
      ResourceTypes: RESOURCES,
    },
    biosSettings: 'SD',
    sessionTimeout: 30,
    isResetByInfo: true,
  },
};
