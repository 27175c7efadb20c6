import { type Answer, type BmcRequest, json, text } from './answer.js';
import { type Json, type JsonObject } from '../tree/json.js';
import { registered } from './base-registry.js';

export interface RedfishMessage {
  /** Name in the Base registry (`PropertyUnknown`), or a full id if it contains a dot. */
  readonly id: string;
  readonly text: string;
  readonly args?: readonly string[];
  readonly related?: readonly string[];
}

export interface ErrorStyle {
  /** Registry and version before the message's name: `Base.1.12`. */
  readonly registry: string;
  /** `error.code` and `error.message`; default: those of the first message. */
  readonly code?: string;
  readonly message?: string;
  /** HPE sends only MessageId and MessageArgs. */
  readonly isTerse?: boolean;
  /** OpenBMC puts messages about a property beside it, without `error` (bmcweb#165). */
  readonly isAnnotatingProperties?: boolean;
  /** Dell adds the length of each array as `…@odata.count`. */
  readonly hasCounts?: boolean;
}

export type ErrorShape =
  | 'info-is-object'
  | 'own-message'
  | 'unversioned'
  | 'other-code'
  | 'json-string'
  | 'array'
  | 'empty'
  | 'plain-text'
  | 'html';

export class Refusal extends Error {
  readonly messages: readonly RedfishMessage[];

  constructor(
    readonly status: number,
    messages: RedfishMessage | readonly RedfishMessage[],
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    const list: readonly RedfishMessage[] = 'id' in messages ? [messages] : messages;
    super(list.map(({ text }) => text).join(' '));
    this.messages = list;
  }

  static notFound(path: string): Refusal {
    return new Refusal(404, {
      id: 'ResourceMissingAtURI',
      text: `There is no resource at ${path}.`,
      args: [path],
    });
  }

  static notAllowed(method: string, allow: string): Refusal {
    const text = `This resource does not support ${method}.`;
    return new Refusal(405, { id: 'OperationNotAllowed', text }, { Allow: allow });
  }

  static noSession(): Refusal {
    const text = 'Valid credentials or a valid session are required.';
    return new Refusal(
      401,
      { id: 'NoValidSession', text },
      { 'WWW-Authenticate': 'Basic realm="RedfishService"' },
    );
  }

  static wrongCredentials(): Refusal {
    const text = 'The user name or the password is wrong.';
    return new Refusal(
      401,
      { id: 'ResourceAtUriUnauthorized', text, args: ['/redfish/v1', text] },
      { 'WWW-Authenticate': 'Basic realm="RedfishService"' },
    );
  }

  static unknownProperty(name: string, id = 'PropertyUnknown'): Refusal {
    const text = `The property ${name} is unknown to this resource.`;
    return new Refusal(400, { id, text, args: [name], related: [name] });
  }

  static missingProperty(name: string): Refusal {
    const text = `The property ${name} is required but missing.`;
    return new Refusal(400, { id: 'PropertyMissing', text, args: [name], related: [name] });
  }

  /** `action`: that of the parameter, for messages about parameters. */
  static badValue(name: string, value: string, id = 'PropertyValueNotInList', action?: string): Refusal {
    const text = `${value} is not a valid value of ${name}.`;
    const args = action === undefined ? [value, name] : [value, name, action];
    return new Refusal(400, { id, text, args, related: [name] });
  }

  static internal(): Refusal {
    return new Refusal(500, { id: 'InternalError', text: 'The request failed inside the service.' });
  }

  static malformed(): Refusal {
    return new Refusal(400, { id: 'MalformedJSON', text: 'The body of the request is not valid JSON.' });
  }

  static mediaType(wanted = 'JSON'): Refusal {
    return new Refusal(415, { id: 'GeneralError', text: `The body has to be ${wanted}.` });
  }
}

export function quoting(refusal: Refusal, { headers, rawBody }: BmcRequest): Refusal {
  const quoted = `The request was ${JSON.stringify(headers)} ${rawBody}`;
  const messages = refusal.messages.map((message) => ({
    ...message,
    text: `${message.text} ${quoted}`,
    args: (message.args ?? []).map((arg) => `${arg} ${quoted}`),
  }));
  return new Refusal(refusal.status, messages, refusal.headers);
}

export function refusalAnswer(refusal: Refusal, style: ErrorStyle, shape?: ErrorShape): Answer {
  const { status, headers } = refusal;
  const infos = refusal.messages.map((message) => extendedInfo(message, style));
  const odd = shape && oddBody(refusal, infos, shape);
  if (odd) {
    return { ...odd, headers: { ...odd.headers, ...headers } };
  }
  const [property] = refusal.messages[0]?.related ?? [];
  if (style.isAnnotatingProperties && property !== undefined) {
    return json(status, { [`${property}@Message.ExtendedInfo`]: infos }, { ...headers });
  }
  return json(status, { error: errorObject(infos, style) }, { ...headers });
}

function errorObject(infos: readonly JsonObject[], style: ErrorStyle): JsonObject {
  const first = infos[0];
  return {
    code: style.code ?? first?.['MessageId'] ?? `${style.registry}.GeneralError`,
    message: style.message ?? first?.['Message'] ?? 'See @Message.ExtendedInfo.',
    '@Message.ExtendedInfo': [...infos],
    ...(style.hasCounts && { '@Message.ExtendedInfo@odata.count': infos.length }),
  };
}

export function extendedInfo(message: RedfishMessage, style: ErrorStyle): JsonObject {
  const { args = [], related = [] } = message;
  const { MessageId, MessageArgs } = registered(message.id, args, style.registry);
  if (style.isTerse) {
    return { MessageId, MessageArgs };
  }
  return {
    MessageId,
    Message: message.text,
    MessageArgs,
    ...(style.hasCounts && { 'MessageArgs@odata.count': MessageArgs.length }),
    RelatedProperties: related.map((name) => `#/${name}`),
    ...(style.hasCounts && { 'RelatedProperties@odata.count': related.length }),
    Severity: 'Warning',
    Resolution: 'Correct the request and send it again.',
  };
}

function oddBody(refusal: Refusal, infos: readonly JsonObject[], shape: ErrorShape): Answer {
  const { status, message } = refusal;
  const bare = infos.map((info) => ({ ...info, MessageId: unversioned(info['MessageId']) }));
  switch (shape) {
    case 'info-is-object':
      return json(status, {
        error: { code: 'Base.1.5.GeneralError', message, '@Message.ExtendedInfo': infos[0] },
      });
    case 'own-message':
      return json(status, {
        error: { code: 'x', message: 'The licence ended in May.', '@Message.ExtendedInfo': [...infos] },
      });
    case 'unversioned':
      return json(status, { error: { code: 'GeneralError', message, '@Message.ExtendedInfo': bare } });
    case 'other-code':
      return json(status, { error: { code: String(status), message } });
    case 'json-string':
      return json(status, message);
    case 'array':
      return json(status, []);
    case 'empty':
      return text(status, '', 'application/json');
    case 'plain-text':
      return text(status, message, 'text/plain');
    case 'html':
      return text(status, `<html><body><h1>${message}</h1></body></html>`, 'text/html; charset=iso-8859-1');
  }
}

function unversioned(id: Json | undefined): string {
  return typeof id === 'string' ? (id.split('.').at(-1) ?? id) : '';
}
