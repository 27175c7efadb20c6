import { isJsonObject, type JsonObject, type JsonValue } from './json.js';

/** One message of `@Message.ExtendedInfo`. Members that the BMC left out are empty. */
export interface ExtendedMessage {
  /** As sent: `Base.1.5.PropertyUnknown`, `IDRAC.2.8.SYS518`, or empty. */
  readonly id: string;
  /** The last part of the id, without registry and version: `PropertyUnknown`, `SYS518`. */
  readonly key: string;
  readonly text: string;
  readonly severity: string;
  /** What the BMC advises; empty for "None". */
  readonly resolution: string;
  readonly args: readonly string[];
  /** JSON pointers of properties, without the leading `#/`. */
  readonly related: readonly string[];
}

const ANNOTATION = '@Message.ExtendedInfo';
const NONE: readonly ExtendedMessage[] = [];

/** Codes that only refer to the messages beside them. */
const POINTERS = new Set(['ExtendedInfo', 'ExtendedError', 'GeneralError']);

const POINTER = /general error has occurred|\bsee\b.*(extended|resolution|information)/i;

/** Keys of messages without severity that report a failure, in the registries of DMTF, Dell and HPE. */
const FAILURES = new RegExp(
  [
    'Error|Fail|Fault|Invalid|Malformed|Missing|Denied|Unauthorized|Forbidden|Unsupported|Unknown|Unrecognized',
    'Not(Modified|Removed|Added|Created|Deleted|Updated)|Not(Supported|Allowed|Implemented|Found|InList|Writable|Acceptable|Valid|Configured)|NoValid|CannotBe|CouldNot',
    'Incompatible|Exceeded|Exhaust|LimitReached|Insufficient|InUse|InStandby|AlreadyExists|Conflict|Timeout',
    'Unavailable|ShuttingDown|TooLong|TooLarge|OutOf|License(Key)?Required|PasswordChangeRequired|Precondition',
    '^(SYS518|RAC0218)$',
  ].join('|'),
);

function texts(value: JsonValue | undefined): string[] {
  if (value === undefined || value === null) return [];
  const list = Array.isArray(value) ? value : [value];
  return list.filter((item) => typeof item === 'string' || typeof item === 'number').map(String);
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value.trim() : '';
}

function keyOf(id: string): string {
  return id.slice(id.lastIndexOf('.') + 1);
}

function message(raw: JsonValue): ExtendedMessage | undefined {
  if (typeof raw === 'string') return plain(raw);
  if (!isJsonObject(raw)) return undefined;
  const id = textOf(raw['MessageId']) || textOf(raw['MessageID']);
  const text = textOf(raw['Message']);
  if (id === '' && text === '') return undefined;
  return {
    id,
    key: keyOf(id),
    text,
    severity: textOf(raw['MessageSeverity']) || textOf(raw['Severity']),
    resolution: textOf(raw['Resolution']).replace(/^(none|n\/a)\W*$/i, ''),
    args: texts(raw['MessageArgs']),
    related: texts(raw['RelatedProperties']).map((pointer) => pointer.replace(/^#?\//, '')),
  };
}

function plain(text: string): ExtendedMessage | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  return {
    id: '',
    key: '',
    text: trimmed.slice(0, 500),
    severity: '',
    resolution: '',
    args: [],
    related: [],
  };
}

function messages(raw: JsonValue | undefined): ExtendedMessage[] {
  if (raw === undefined || raw === null) return [];
  return (Array.isArray(raw) ? raw : [raw]).map(message).filter((found) => found !== undefined);
}

/**
 * The messages of an error body in any shape BMCs use: an array, one object, info beside `error` or beside a
 * property, only `code` and `message`, a bare JSON string, `[]`, nothing.
 */
export function extendedInfo(body: JsonValue | undefined): readonly ExtendedMessage[] {
  if (typeof body === 'string') return messages(body);
  if (Array.isArray(body)) return messages(body);
  if (!isJsonObject(body)) return NONE;
  const error = body['error'] ?? body['Error'];
  if (typeof error === 'string') return messages(error);
  const holder: JsonObject = isJsonObject(error) ? error : body;
  const listed = messages(holder[ANNOTATION] ?? body[ANNOTATION]);
  const found = [...listed, ...besideProperties(body)];
  const code = textOf(holder['code']);
  const text = textOf(holder['message']) || (holder === body ? textOf(body['Message']) : '');
  if (found.length > 0) {
    const isNew = text !== '' && !POINTER.test(text) && found.every((other) => other.text !== text);
    const general = isNew && holder !== body ? plain(text) : undefined;
    return general === undefined ? found : [...found, general];
  }
  const own = message({ MessageId: code, Message: text });
  return own === undefined ? NONE : [own];
}

/** OpenBMC puts messages beside the property they are about. */
function besideProperties(body: JsonObject): ExtendedMessage[] {
  return Object.entries(body).flatMap(([key, value]) => {
    const property = key.endsWith(ANNOTATION) ? key.slice(0, -ANNOTATION.length) : '';
    if (property === '') return [];
    return messages(value).map((each) => (each.related.length > 0 ? each : { ...each, related: [property] }));
  });
}

/**
 * Whether the `error` in the body of a 2xx reports a failure: any message with severity Warning or Critical, or one
 * without severity that is known as a failure. HPE sends messages of success there, such as `ResetInProgress`.
 */
export function reportsFailure(body: JsonValue | undefined): boolean {
  if (!isJsonObject(body)) return false;
  const error = body['error'];
  if (typeof error === 'string') return error.trim() !== '';
  if (!isJsonObject(error)) return false;
  return extendedInfo(body).some(({ key, severity }) => {
    if (/^(warning|critical)$/i.test(severity)) return true;
    return !/^ok$/i.test(severity) && FAILURES.test(key);
  });
}

export function summary(found: readonly ExtendedMessage[]): string {
  const telling = found.filter(({ key, text }) => text !== '' && !POINTERS.has(key));
  const chosen = telling.length > 0 ? telling : found;
  const parts = chosen.flatMap((each) => [each.text || worded(each), each.resolution]);
  return [...new Set(parts.filter((part) => part !== ''))].map(ended).join(' ');
}

/** An id without a text, as HPE sends it: `Property value not in list: Base, RegistryPrefixes (Base.1.18.Property…)`. */
function worded({ id, key, args }: ExtendedMessage): string {
  if (id === key) return id;
  const words = key.replace(
    /([a-z0-9])([A-Z])/g,
    (_all, end: string, start: string) => `${end} ${start.toLowerCase()}`,
  );
  const about = args.length > 0 ? `: ${args.join(', ')}` : '';
  return `${words}${about} (${id})`;
}

function ended(text: string, at: number, all: readonly string[]): string {
  return at === all.length - 1 || /[.!?:]$/.test(text) ? text : `${text}.`;
}

/** The properties a BMC objects to: RelatedProperties, else those named by the message's arguments. */
export function properties(found: readonly ExtendedMessage[]): string[] {
  const names = found.flatMap(({ key, args, related }) => {
    if (related.length > 0) return related;
    // Argument order of the registry: PropertyUnknown(property), PropertyValueNotInList(value, property).
    const at = key.startsWith('PropertyValue') ? 1 : key.startsWith('Property') ? 0 : -1;
    const name = at < 0 ? undefined : args[at];
    return name === undefined ? [] : [name];
  });
  return [...new Set(names)];
}
