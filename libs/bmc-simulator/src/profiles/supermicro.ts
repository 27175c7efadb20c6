import { CLASSIC_EVENT_TYPES, EXPANDS, type VendorProfile } from './profile.js';
import { type SubscriptionRules } from './vendor-rules.js';

const SLOTS: SubscriptionRules = {
  style: 'slots',
  limit: 16,
  ids: 'number',
  required: ['Destination'],
  refused: ['DeliveryRetryPolicy'],
  allowed: { EventTypes: CLASSIC_EVENT_TYPES },
  defaults: { SubscriptionType: 'RedfishEvent', EventTypes: ['Alert'], HttpHeaders: null },
};

const EVENT_SERVICE = {
  DeliveryRetryAttempts: 3,
  DeliveryRetryIntervalSeconds: 60,
  EventTypesForSubscription: [...CLASSIC_EVENT_TYPES],
};

const SESSIONS = {
  limit: 16,
  timeoutSeconds: 300,
  full: { status: 503, id: 'SessionLimitExceeded' },
  ids: 'number',
} as const;

/** Supermicro X10: no ETags, an empty media collection at an unusual path, a login that redirects. */
export const supermicroX10: VendorProfile = {
  rules: {
    vendor: 'Supermicro',
    errors: { registry: 'Base.1.0' },
    etag: { form: 'none', told: 'both', ifMatch: 'ignored' },
    sessions: SESSIONS,
    subscriptions: SLOTS,
    media: { eject: 'action', emptyImage: null, isImageNameKept: true },
    taskLocation: 'monitor',
    loginRedirect: 308,
  },
  blueprint: {
    equipment: { managerLogs: ['Log1'], readings: 'thermal', indicator: 'IndicatorLED' },
    root: { RedfishVersion: '1.0.1', Oem: {} },
    isRootSlashed: true,
    system: { id: '1', fields: { Manufacturer: 'Supermicro', Model: 'Super Server' } },
    manager: {
      id: '1',
      fields: { Model: 'ASPEED', FirmwareVersion: '4.0', Oem: { Supermicro: {} } },
      media: { path: '/redfish/v1/Managers/1/VM1', media: [], actions: [] },
    },
    eventService: EVENT_SERVICE,
    isWithoutCertificates: true,
    sessionTimeout: 300,
  },
};

const TYPES = ['CD', 'DVD', 'Floppy', 'USBStick'];

/** Supermicro X13: one media collection under two links, no Eject action on an empty medium. */
export const supermicroX13: VendorProfile = {
  rules: {
    vendor: 'Supermicro',
    errors: { registry: 'Base.v1_10_3' },
    etag: { form: 'strong', told: 'both', ifMatch: 'optional' },
    sessions: SESSIONS,
    subscriptions: SLOTS,
    media: { eject: 'action', isEjectHiddenWhileEmpty: true, emptyImage: null, isImageNameKept: true },
    taskLocation: 'monitor',
  },
  blueprint: {
    equipment: { managerLogs: ['Log1'], readings: 'thermal', indicator: 'IndicatorLED' },
    root: { RedfishVersion: '1.11.0', Oem: { Supermicro: {} }, ProtocolFeaturesSupported: EXPANDS },
    system: { id: '1', fields: { Manufacturer: 'Supermicro', Model: 'SYS-821GE-TNHR' } },
    manager: {
      id: '1',
      fields: { Model: 'ASPEED', FirmwareVersion: '11.01.01', Oem: { Supermicro: {} } },
      media: {
        media: ['VirtualMedia1', 'VirtualMedia2', 'VirtualMedia3'].map((id) => ({ id, mediaTypes: TYPES })),
        actions: ['InsertMedia'],
        emptyImage: null,
      },
    },
    isMediaShared: true,
    eventService: EVENT_SERVICE,
    sessionTimeout: 300,
    isResetByInfo: true,
  },
};
