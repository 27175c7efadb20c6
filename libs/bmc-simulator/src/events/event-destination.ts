import { isJsonObject, type Json } from '../tree/json.js';

/** Type of the subscriptions that are made here. */
export const EVENT_DESTINATION = '#EventDestination.v1_13_0.EventDestination';

/** What a client may set of EventDestination v1_13, with its type. */
const TYPES: Readonly<Record<string, 'string' | 'strings' | 'objects' | 'object' | 'boolean' | 'number'>> = {
  BackupDestinations: 'strings',
  Certificates: 'object',
  Context: 'string',
  DeliveryRetryPolicy: 'string',
  Destination: 'string',
  EventFormatType: 'string',
  EventTypes: 'strings',
  ExcludeMessageIds: 'strings',
  ExcludeRegistryPrefixes: 'strings',
  HeartbeatIntervalMinutes: 'number',
  HttpHeaders: 'objects',
  IncludeOriginOfCondition: 'boolean',
  MessageIds: 'strings',
  MetricReportDefinitions: 'objects',
  OEMProtocol: 'string',
  Oem: 'object',
  OriginResources: 'objects',
  Protocol: 'string',
  RegistryPrefixes: 'strings',
  ResourceTypes: 'strings',
  SNMP: 'object',
  SendHeartbeat: 'boolean',
  Severities: 'strings',
  SubordinateResources: 'boolean',
  SubscriptionType: 'string',
  SyslogFilters: 'objects',
  VerifyCertificate: 'boolean',
};

const VALUES: Readonly<Record<string, readonly string[]>> = {
  DeliveryRetryPolicy: ['TerminateAfterRetries', 'SuspendRetries', 'RetryForever', 'RetryForeverWithBackoff'],
  EventFormatType: ['Event', 'MetricReport'],
  EventTypes: [
    'StatusChange',
    'ResourceUpdated',
    'ResourceAdded',
    'ResourceRemoved',
    'Alert',
    'MetricReport',
    'Other',
  ],
  Protocol: [
    'Redfish',
    'Kafka',
    'SNMPv1',
    'SNMPv2c',
    'SNMPv3',
    'SMTP',
    'SyslogTLS',
    'SyslogTCP',
    'SyslogUDP',
    'SyslogRELP',
    'OEM',
  ],
  Severities: ['OK', 'Warning', 'Critical'],
  SubscriptionType: ['RedfishEvent', 'SSE', 'SNMPTrap', 'SNMPInform', 'Syslog', 'OEM'],
};

const READ_ONLY = ['@odata.id', '@odata.type', 'Actions', 'Description', 'Id', 'Name', 'Status'];
/** Changed by PATCH after the subscription was made. */
const CHANGEABLE = [
  'BackupDestinations',
  'Context',
  'DeliveryRetryPolicy',
  'HeartbeatIntervalMinutes',
  'HttpHeaders',
  'SendHeartbeat',
  'VerifyCertificate',
];

export function isKnown(name: string): boolean {
  return Object.hasOwn(TYPES, name);
}

export function isReadOnly(name: string): boolean {
  return READ_ONLY.includes(name);
}

export function isChangeable(name: string): boolean {
  return CHANGEABLE.includes(name);
}

export function hasType(name: string, value: Json): boolean {
  const type = TYPES[name];
  switch (type) {
    case undefined:
      return true;
    case 'strings':
      return Array.isArray(value) && value.every((item) => typeof item === 'string');
    case 'objects':
      return Array.isArray(value) && value.every(isJsonObject);
    case 'object':
      return isJsonObject(value);
    default:
      return typeof value === type;
  }
}

/** The first value that the standard does not have; undefined if all are right. */
export function wrongValue(name: string, value: Json): Json | undefined {
  const allowed = VALUES[name];
  return (Array.isArray(value) ? value : [value]).find(
    (each) => allowed !== undefined && !allowed.some((one) => one === each),
  );
}
