import { type Misbehaviours } from '../misbehaviours/misbehaviours.js';
import { isJsonObject, type Json, type JsonObject } from '../tree/json.js';
import { UsageError } from './usage-error.js';

/** What a switch may be in JSON: a kind of value, or a certain one. */
type Form<T> = T extends boolean
  ? 'a boolean'
  : T extends readonly unknown[]
    ? 'a list'
    : T extends number
      ? number extends T
        ? 'a number'
        : T
      : T extends string
        ? T
        : 'an object';

const ON = ['a boolean'] as const;
const COUNT = ['a number'] as const;
const OBJECT = ['an object'] as const;
const AIM = ['a boolean', 'a number', 'an object'] as const;
const DELAY = ['a number', 'an object'] as const;
const LIST = ['a list'] as const;

const FORMS: { readonly [Name in keyof Misbehaviours]-?: readonly Form<NonNullable<Misbehaviours[Name]>>[] } =
  {
    createAnswer: [
      '201-location',
      '201-body',
      '201-bare',
      '200',
      '200-empty',
      '202-task',
      '204',
      '204-location',
      'absolute-location',
      'absolute-location-foreign',
      'location-404',
    ],
    deleteAnswer: ['204', '200', '202-task', '403', '404-but-there', '405', '500', '500-but-done'],
    refuseEventTypes: ['a boolean', 'PropertyValueNotInList'],
    refuseProperties: LIST,
    duplicateRefused: ['a boolean', 'ResourceAlreadyExists', 'PropertyValueModified'],
    slots: ['a boolean', 'a number'],
    slotsPatchOnly: ON,
    subscriptionLimit: COUNT,
    subscriptionsReadOnly: ON,
    sseSubscription: ['a boolean', 'with-address'],
    deadSubscription: [403, 404, 500],
    destinationMangled: ON,
    subscriptionDisabled: ON,
    subscriptionStores: OBJECT,
    expandsUnasked: ON,
    echoesHttpHeaders: ON,
    eventServiceDisabled: ON,
    noEventService: ON,
    pageSize: COUNT,
    testEventRefuses: LIST,
    sessionExpired: AIM,
    spurious401: AIM,
    loginRefused: [401, 403],
    sessionServiceDisabled: ON,
    noFreeSession: ['a boolean', 'a number'],
    forbiddenWithLicence: AIM,
    noSessionService: ON,
    sessionsLinkHidden: ON,
    sessionLocationMissing: ['a boolean', 'and-body'],
    sessionLocationAbsolute: ['own', 'foreign', 'foreign-only'],
    sessionTokenMissing: ON,
    passwordChangeRequired: ['201', '403'],
    passwordChangeUnnamed: ON,
    passwordChangeEndsSessions: ON,
    sessionLimit: COUNT,
    sessionTimeoutMs: COUNT,
    basicRefused: ON,
    lockAccountAfter: COUNT,
    brokenChunkOn401: ON,
    eject: [
      'needs-empty-object',
      '415',
      'patch-if-match',
      '500-swallowed',
      '500-but-done',
      '403',
      '409',
      '204-but-mounted',
      'absent-unless-inserted',
      'no-target',
      'no-target-but-patch',
      'empty-target-but-patch',
      '202-task',
    ],
    insert: [
      'needs-protocol',
      'needs-method',
      'needs-credentials',
      '202-task',
      '403',
      '500-but-done',
      '204-but-empty',
    ],
    insertNotOffered: ['a boolean', 'a list'],
    sharedMedia: ON,
    imageNameKept: ON,
    deadMedium: [400, 403, 404, 405, 500],
    emptyMediaInserted: ON,
    deadManager: [403, 404, 500],
    mediaTypes: ['a list', 'absent'],
    clearNeedsType: ON,
    updateNeedsProtocol: ON,
    updateAnswers500: ON,
    updateTask: OBJECT,
    resetOutage: COUNT,
    biosJob: OBJECT,
    attributesJob: OBJECT,
    noReplaceCertificate: ON,
    noBios: ON,
    taskSteps: OBJECT,
    patchTask: ON,
    html200: AIM,
    html400: AIM,
    html504: AIM,
    invalidUtf8: AIM,
    empty200: AIM,
    bodyWith204: ['a boolean', 'on-the-wire'],
    successMessage: OBJECT,
    bigNumber: ON,
    errorIn200: AIM,
    errorThenResource: AIM,
    jsonStringError: AIM,
    arrayError: AIM,
    controlChars: AIM,
    byteOrderMark: AIM,
    nulPadding: AIM,
    truncatedJson: AIM,
    quotesRequests: ON,
    errorShape: [
      'info-is-object',
      'own-message',
      'unversioned',
      'other-code',
      'json-string',
      'array',
      'empty',
      'plain-text',
      'html',
    ],
    hugeBody: COUNT,
    latency: DELAY,
    firstByteDelay: DELAY,
    slowBytes: DELAY,
    neverAnswers: AIM,
    resetOnce: ['before-effect', 'after-effect', 'an object'],
    cutBody: AIM,
    stalledBody: AIM,
    notHttp: OBJECT,
    informational: [100, 102, 103],
    halfClosedKeepAlive: ['fin', 'reset-on-reuse', 'silent-on-reuse'],
    connectionClose: ON,
    gzip: ON,
    notReady: OBJECT,
    redirectOnPost: OBJECT,
    redirect: OBJECT,
    rootRedirect: ['a boolean', 'https'],
    rootOnly: OBJECT,
    slashes: ['with', 'without'],
    absoluteLinks: ['own', 'foreign'],
    leadingSlashMissing: ON,
    needsODataVersion: ON,
    identityRefused: AIM,
    etag: [
      'weak',
      'weak-refused',
      'doubly-quoted',
      'body-only',
      'header-only',
      'refuses-any',
      'bare',
      'several',
      'body-differs',
      'any-only',
      'requires',
      'none',
    ],
    etagChanges: COUNT,
    ifMatchRefusedOnPost: ON,
  };

/** @throws UsageError */
export function misbehavioursOf(text: string): Misbehaviours {
  const given = jsonOf(text);
  if (!isJsonObject(given)) {
    throw new UsageError(`--misbehave is not an object: ${text}`);
  }
  check(given);
  return given;
}

function jsonOf(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new UsageError(`--misbehave is not JSON: ${text}`);
  }
}

function check(given: JsonObject): asserts given is JsonObject & Misbehaviours {
  for (const [name, value] of Object.entries(given)) {
    checkOne(name, value);
  }
}

function checkOne(name: string, value: Json | undefined): void {
  const forms = new Map<string, readonly (string | number)[]>(Object.entries(FORMS)).get(name);
  if (forms === undefined) {
    throw new UsageError(`There is no misbehaviour ${name}. ${advice(name)}`);
  }
  if (!forms.includes(kindOf(value)) && !forms.some((form) => form === value)) {
    throw new UsageError(`${name} cannot be ${JSON.stringify(value)}; it may be ${forms.join(', ')}.`);
  }
}

function kindOf(value: Json | undefined): string {
  if (Array.isArray(value)) {
    return 'a list';
  }
  return isJsonObject(value) ? 'an object' : `a ${typeof value}`;
}

function advice(name: string): string {
  const names = Object.keys(FORMS);
  const wanted = name.toLowerCase();
  const near = names.filter((each) => {
    const known = each.toLowerCase();
    return known.includes(wanted) || wanted.includes(known);
  });
  return near.length > 0 ? `Did you mean ${near.join(' or ')}?` : `There are: ${names.join(', ')}.`;
}
