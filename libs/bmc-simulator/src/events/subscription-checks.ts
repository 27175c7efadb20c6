import { Refusal } from '../messages/errors.js';
import { isJsonObject, type Json, type JsonObject, textOf } from '../tree/json.js';
import { type Switches } from '../misbehaviours/switches.js';
import { type SubscriptionRules } from '../profiles/vendor-rules.js';

/** EventDestinationProtocol of EventDestination v1_13. */
const PROTOCOLS = [
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
];

export function checkSubscription(
  body: Json | undefined,
  rules: SubscriptionRules,
  switches: Switches,
  present: readonly JsonObject[],
): JsonObject {
  if (!isJsonObject(body)) {
    throw Refusal.malformed();
  }
  if (switches.get('eventServiceDisabled')) {
    throw new Refusal(503, {
      id: 'ServiceDisabled',
      text: 'The event service is disabled.',
      args: ['/redfish/v1/EventService'],
    });
  }
  checkNames(body, rules, switches);
  checkTypes(body);
  checkValues(body, rules);
  checkDuplicate(body, rules, switches, present);
  return body;
}

function checkNames(body: JsonObject, rules: SubscriptionRules, switches: Switches): void {
  const refused = [
    ...rules.refused,
    ...(switches.get('refuseEventTypes') === true ? ['EventTypes'] : []),
    ...(switches.get('refuseProperties') ?? []),
  ];
  const types = body['EventTypes'];
  if (types !== undefined && typeof switches.get('refuseEventTypes') === 'string') {
    throw Refusal.badValue('EventTypes', textOf(types));
  }
  for (const name of Object.keys(body)) {
    if (!STANDARD.has(name)) {
      throw Refusal.unknownProperty(name, rules.unknownId);
    }
    if (refused.includes(name) || (rules.known && !rules.known.includes(name))) {
      throw Refusal.unknownProperty(name, rules.unknownId);
    }
  }
  for (const name of rules.required) {
    const value = body[name];
    if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) {
      throw Refusal.missingProperty(name);
    }
  }
}

/** The properties of EventDestination v1_13 that a client may set, with their types. */
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
const STANDARD = new Set(Object.keys(TYPES));

function hasType(value: Json, type: (typeof TYPES)[string]): boolean {
  switch (type) {
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

function checkTypes(body: JsonObject): void {
  for (const [name, value] of Object.entries(body)) {
    const type = TYPES[name];
    if (type !== undefined && value !== undefined && !hasType(value, type)) {
      throw Refusal.badValue(
        name,
        type.startsWith('string') ? textOf(value) : typeof value,
        'PropertyValueTypeError',
      );
    }
  }
}

function checkValues(body: JsonObject, rules: SubscriptionRules): void {
  const { Destination, Context, HttpHeaders, Protocol = 'Redfish' } = body;
  if (typeof Protocol !== 'string' || !PROTOCOLS.includes(Protocol)) {
    throw Refusal.badValue('Protocol', textOf(Protocol));
  }
  if (typeof Destination !== 'string' || !/^https?:\/\/[^\s/@?#]+(?:[/?#]|$)/.test(Destination)) {
    throw Refusal.badValue('Destination', textOf(Destination), 'PropertyValueFormatError');
  }
  if (Context !== undefined && (typeof Context !== 'string' || Context.length > 256)) {
    throw Refusal.badValue('Context', textOf(Context), 'PropertyValueTypeError');
  }
  if (HttpHeaders !== undefined && !(Array.isArray(HttpHeaders) && HttpHeaders.every(isJsonObject))) {
    throw Refusal.badValue('HttpHeaders', typeof HttpHeaders, 'PropertyValueTypeError');
  }
  for (const [name, values] of Object.entries(rules.allowed ?? {})) {
    const given = body[name] ?? [];
    const wrong = (Array.isArray(given) ? given : [given]).find(
      (one) => !values.some((value) => value === one),
    );
    if (wrong !== undefined) {
      throw Refusal.badValue(name, textOf(wrong));
    }
  }
}

function checkDuplicate(
  body: JsonObject,
  rules: SubscriptionRules,
  switches: Switches,
  present: readonly JsonObject[],
): void {
  const told = switches.get('duplicateRefused') ?? rules.duplicate;
  const id = told === true ? 'ResourceAlreadyExists' : told;
  if (id && present.some(({ Destination }) => Destination === body['Destination'])) {
    const text = 'A subscription with this Destination exists already.';
    const args = ['Destination', textOf(body['Destination'])];
    throw new Refusal(400, {
      id,
      text,
      args: id === 'ResourceAlreadyExists' ? ['EventDestination', ...args] : args,
      related: ['Destination'],
    });
  }
}
