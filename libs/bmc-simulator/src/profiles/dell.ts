import { EXPANDS, type VendorProfile } from './profile.js';

/** Dell iDRAC9: both media collections, no ETags, few sessions, no duplicate subscriptions. */
export const dellIdrac9: VendorProfile = {
  rules: {
    vendor: 'Dell',
    errors: {
      registry: 'Base.1.12',
      code: 'Base.1.12.GeneralError',
      message: 'A general error has occurred. See ExtendedInfo for more information',
      hasCounts: true,
    },
    etag: { form: 'none', told: 'both', ifMatch: 'ignored' },
    sessions: {
      limit: 8,
      timeoutSeconds: 1800,
      full: { status: 503, id: 'IDRAC.2.8.RAC0218' },
      ids: 'number',
      showsCreation: true,
    },
    accounts: { ids: 'number', slots: 16 },
    subscriptions: {
      style: 'members',
      limit: 20,
      ids: 'uuid',
      // gofish#97: Protocol and Context are required, although the schema does not say so.
      required: ['Destination', 'EventTypes', 'Context', 'Protocol'],
      refused: [],
      allowed: { EventTypes: ['Alert', 'MetricReport', 'Other'], EventFormatType: ['Event', 'MetricReport'] },
      duplicate: 'PropertyValueModified',
      defaults: { EventFormatType: 'Event', SubscriptionType: 'RedfishEvent', HttpHeaders: [] },
    },
    media: { eject: 'action', ejectEmpty: 'IDRAC.2.8.VRM0009', emptyImage: null },
    taskLocation: 'task',
    biosNeedsJob: true,
  },
  blueprint: {
    equipment: { managerLogs: ['Sel', 'Lclog'], permanentLogs: ['Lclog'] },
    root: {
      Vendor: 'Dell',
      Product: 'Integrated Dell Remote Access Controller',
      RedfishVersion: '1.18.0',
      ProtocolFeaturesSupported: EXPANDS,
      Oem: { Dell: { '@odata.type': '#DellServiceRoot.v1_0_0.DellServiceRoot', ServiceTag: 'FERRULE' } },
    },
    system: {
      id: 'System.Embedded.1',
      fields: { Manufacturer: 'Dell Inc.', Model: 'PowerEdge R750' },
      media: {
        media: [
          { id: '1', mediaTypes: ['CD', 'DVD', 'USBStick'] },
          { id: '2', mediaTypes: ['CD', 'DVD', 'USBStick'] },
        ],
        actions: ['InsertMedia', 'EjectMedia'],
        emptyImage: null,
      },
    },
    manager: {
      id: 'iDRAC.Embedded.1',
      fields: { Model: '15G Monolithic', FirmwareVersion: '7.10.30.00' },
      media: {
        media: [
          { id: 'RemovableDisk', mediaTypes: ['USBStick'] },
          { id: 'CD', mediaTypes: ['CD', 'DVD'] },
        ],
        actions: ['InsertMedia', 'EjectMedia'],
        emptyImage: null,
      },
    },
    eventService: {
      DeliveryRetryAttempts: 3,
      DeliveryRetryIntervalSeconds: 5,
      EventFormatTypes: ['Event', 'MetricReport'],
      EventTypesForSubscription: ['Alert', 'MetricReport', 'Other'],
    },
    biosApplyTimes: ['Immediate', 'OnReset', 'AtMaintenanceWindowStart', 'InMaintenanceWindowOnReset'],
    sessionTimeout: 1800,
    hasJobService: true,
    hasDellJobs: true,
  },
};
