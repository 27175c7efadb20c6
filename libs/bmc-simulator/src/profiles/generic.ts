import { CLASSIC_EVENT_TYPES, EXPANDS, type VendorProfile } from './profile.js';

export const generic: VendorProfile = {
  rules: {
    vendor: 'Contoso',
    errors: { registry: 'Base.1.8' },
    etag: { form: 'strong', told: 'both', ifMatch: 'optional' },
    sessions: {
      limit: 16,
      timeoutSeconds: 1800,
      full: { status: 503, id: 'SessionLimitExceeded' },
      ids: 'number',
      showsCreation: true,
    },
    accounts: { ids: 'number', offersChange: true },
    subscriptions: {
      style: 'members',
      limit: 32,
      ids: 'number',
      required: ['Destination', 'Protocol'],
      refused: [],
      allowed: { EventTypes: CLASSIC_EVENT_TYPES },
      defaults: { EventTypes: ['Alert'], SubscriptionType: 'RedfishEvent' },
    },
    media: { eject: 'action', emptyImage: null },
    taskLocation: 'monitor',
  },
  blueprint: {
    root: {
      RedfishVersion: '1.8.0',
      ProtocolFeaturesSupported: EXPANDS,
    },
    system: { id: '1', fields: { Manufacturer: 'Contoso', Model: 'Rack 1' } },
    manager: {
      id: 'BMC',
      fields: { FirmwareVersion: '1.0.0', Model: 'Generic BMC' },
      media: {
        media: [
          { id: 'CD1', mediaTypes: ['CD', 'DVD'] },
          { id: 'USB1', mediaTypes: ['USBStick', 'Floppy'] },
        ],
        actions: ['InsertMedia', 'EjectMedia'],
        emptyImage: null,
      },
    },
    eventService: {
      ServerSentEventUri: '/redfish/v1/EventService/SSE',
      DeliveryRetryAttempts: 3,
      DeliveryRetryIntervalSeconds: 60,
      EventTypesForSubscription: [...CLASSIC_EVENT_TYPES],
    },
    biosApplyTimes: ['OnReset', 'Immediate'],
    sessionTimeout: 1800,
  },
};
