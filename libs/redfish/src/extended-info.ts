import { isJsonObject, type JsonObject, type JsonValue } from './json.js';

/** One message of `@Message.ExtendedInfo`; what the BMC left out is empty. */
export interface ExtendedMessage {
  /** As it came: `Base.1.5.PropertyUnknown`, `IDRAC.2.8.SYS518`, or empty. */
  readonly id: string;
  /** The last part of the id, without registry and version: `PropertyUnknown`, `SYS518`. */
  readonly key: string;
  readonly text: string;
  readonly severity: string;
  readonly args: readonly string[];
  /** JSON pointers of properties, without the leading `#/`. */
  readonly related: readonly string[];
}

const ANNOTATION = '@Message.ExtendedInfo';
const NONE: readonly ExtendedMessage[] = [];

/** `code`s that only point at the messages beside them. */
const POINTERS = new Set(['ExtendedInfo', 'ExtendedError', 'GeneralError']);

/** Messages that report a success inside an `error` object, as HPE sends them with 200 and 201. */
const SUCCESSES =
  /^(Success|Created|Accepted|NoOperation|.*(ResetRequired|RebootRequired|Modified|Removed|Added))$/;

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
    args: texts(raw['MessageArgs']),
    related: texts(raw['RelatedProperties']).map((pointer) => pointer.replace(/^#?\//, '')),
  };
}

function plain(text: string): ExtendedMessage | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  return { id: '', key: '', text: trimmed.slice(0, 500), severity: '', args: [], related: [] };
}

function messages(raw: JsonValue | undefined): ExtendedMessage[] {
  if (raw === undefined || raw === null) return [];
  return (Array.isArray(raw) ? raw : [raw]).map(message).filter((found) => found !== undefined);
}

/**
 * The messages of an error body in any of the shapes BMCs use: an array, one object, the info beside
 * `error` or beside a property instead of inside, only `code` and `message`, a bare JSON string, `[]`,
 * nothing.
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
  if (found.length > 0) return found;
  const code = textOf(holder['code']);
  const text = textOf(holder['message']) || (holder === body ? textOf(body['Message']) : '');
  const own = message({ MessageId: code, Message: text });
  return own === undefined ? NONE : [own];
}

/** OpenBMC annotates the property itself. */
function besideProperties(body: JsonObject): ExtendedMessage[] {
  return Object.entries(body).flatMap(([key, value]) => {
    const property = key.endsWith(ANNOTATION) ? key.slice(0, -ANNOTATION.length) : '';
    if (property === '') return [];
    return messages(value).map((each) => (each.related.length > 0 ? each : { ...each, related: [property] }));
  });
}

/** Whether a body holds an `error` that reports a failure, whatever its status. */
export function reportsFailure(body: JsonValue | undefined): boolean {
  if (!isJsonObject(body)) return false;
  const error = body['error'];
  if (typeof error === 'string') return error.trim() !== '';
  if (!isJsonObject(error)) return false;
  const found = extendedInfo(body);
  if (found.length === 0) return Object.keys(error).length > 0;
  return found.some(({ key, severity }) => {
    if (/^ok$/i.test(severity)) return false;
    return !SUCCESSES.test(key);
  });
}

/** The messages as one text; general ones only where there are no others. */
export function summary(found: readonly ExtendedMessage[]): string {
  const telling = found.filter(({ key, text }) => text !== '' && !POINTERS.has(key));
  const chosen = telling.length > 0 ? telling : found;
  return [...new Set(chosen.map(({ text, id }) => text || id))].filter((part) => part !== '').join(' ');
}

/** The properties a BMC objects to: RelatedProperties, else what the message's arguments name. */
export function properties(found: readonly ExtendedMessage[]): string[] {
  const names = found.flatMap(({ key, args, related }) => {
    if (related.length > 0) return related;
    // The registry's argument order: PropertyUnknown(property), PropertyValueNotInList(value, property).
    const at = key.startsWith('PropertyValue') ? 1 : key.startsWith('Property') ? 0 : -1;
    const name = at < 0 ? undefined : args[at];
    return name === undefined ? [] : [name];
  });
  return [...new Set(names)];
}
