import { type JsonObject } from '../tree/json.js';
import { type MediumPlan } from '../blueprints/blueprint.js';
import { EXPANDS, type VendorProfile } from './profile.js';

const EXT: MediumPlan[] = ['EXT1', 'EXT2', 'EXT3', 'EXT4'].map((id) => ({
  id,
  mediaTypes: ['CD', 'DVD', 'Floppy', 'USBStick'],
}));
/** The BMC lists all of these, but only EXT can be inserted by Redfish. */
const MEDIA: MediumPlan[] = [
  ...EXT,
  ...['Remote1', 'Remote2', 'Remote3', 'Remote4', 'RDOC1', 'RDOC2'].map((id) => ({
    id,
    mediaTypes: ['CD', 'DVD', 'USBStick'],
  })),
];
const PLAN = { media: MEDIA, actions: [], emptyImage: null };
const REGISTRIES = [
  'Base',
  'EventRegistry',
  'ExtendedError',
  'License',
  'LogService',
  'ResourceEvent',
  'TaskEvent',
];

/** What an XCC has of its own settings, in `Oem` of the Manager and in a resource that is linked there. */
const OWN = {
  '@odata.type': '#LenovoManager.v1_0_0.LenovoManagerProperties',
  KCSEnabled: false,
  RecipientsSettings: { RetryCount: 5, RetryInterval: 0.5 },
  Security: { '@odata.id': '/redfish/v1/Managers/1/Oem/Lenovo/Security' },
};

const SECURITY = {
  '/redfish/v1/Managers/1/Oem/Lenovo/Security': {
    '@odata.id': '/redfish/v1/Managers/1/Oem/Lenovo/Security',
    '@odata.type': '#LenovoSecurityService.v1_0_0.LenovoSecurityService',
    Id: 'Security',
    Name: 'Security',
    MinimumTLSVersion: 'TLS1.2',
    EnforceSecureProtocols: true,
  },
};

const REQUIRED = ['Destination', 'Protocol'];
const OPTIONAL = [
  'Context',
  'DeliveryRetryPolicy',
  'EventFormatType',
  'HttpHeaders',
  'IncludeOriginOfCondition',
  'MetricReportDefinitions',
  'OriginResources',
  'RegistryPrefixes',
  'ResourceTypes',
  'SubordinateResources',
  'SubscriptionType',
];

/** Lenovo XCC: media without actions, changed by PATCH with If-Match; one device under two paths. */
export const lenovoXcc: VendorProfile = {
  rules: {
    vendor: 'Lenovo',
    errors: { registry: 'Base.1.12' },
    etag: { form: 'strong', told: 'both', ifMatch: 'required' },
    sessions: {
      limit: 16,
      timeoutSeconds: 300,
      full: { status: 503, id: 'SessionLimitExceeded' },
      ids: 'number',
    },
    subscriptions: {
      style: 'members',
      limit: 15,
      ids: 'number',
      required: REQUIRED,
      refused: [],
      // The capabilities object does not name EventTypes.
      known: [...REQUIRED, ...OPTIONAL],
      allowed: {
        EventFormatType: ['Event', 'MetricReport'],
        Protocol: ['Redfish', 'SNMPv1', 'SNMPv2c', 'SNMPv3', 'SMTP'],
        RegistryPrefixes: REGISTRIES,
        ResourceTypes: ['LogService'],
        SubscriptionType: ['RedfishEvent', 'SNMPTrap', 'SNMPInform'],
      },
      defaults: { EventFormatType: 'Event', SubscriptionType: 'RedfishEvent', HttpHeaders: [] },
    },
    media: { eject: 'patch', emptyImage: null, insertable: /^EXT/, isMirrored: true },
    taskLocation: 'monitor',
  },
  blueprint: {
    equipment: { systemLogs: ['StandardLog', 'AuditLog'], readings: 'thermal', indicator: 'IndicatorLED' },
    root: { Vendor: 'Lenovo', RedfishVersion: '1.15.0', ProtocolFeaturesSupported: EXPANDS },
    isRootSlashed: true,
    system: { id: '1', fields: { Manufacturer: 'Lenovo', Model: 'ThinkSystem SR670 V2' }, media: PLAN },
    manager: {
      id: '1',
      fields: {
        Model: 'Lenovo XClarity Controller',
        FirmwareVersion: 'TGBT42S 2.83 2023-07-05',
        Oem: { Lenovo: OWN },
      },
      media: PLAN,
    },
    eventService: {
      DeliveryRetryAttempts: 3,
      DeliveryRetryIntervalSeconds: 60,
      EventFormatTypes: ['Event', 'MetricReport'],
      RegistryPrefixes: REGISTRIES,
      ResourceTypes: ['LogService'],
    },
    subscriptionCapabilities: {
      ...marked(REQUIRED, 'RequiredOnCreate'),
      ...marked(OPTIONAL, 'OptionalOnCreate'),
    },
    systemSettings: 'Pending',
    biosSettings: 'Pending',
    beside: SECURITY,
    sessionTimeout: 300,
  },
};

function marked(names: readonly string[], mark: string): JsonObject {
  const marks: JsonObject = {};
  names.forEach((name) => (marks[`${name}@Redfish.${mark}`] = true));
  return marks;
}
