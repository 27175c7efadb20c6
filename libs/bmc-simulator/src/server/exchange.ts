import { type VendorRules } from '../profiles/vendor-rules.js';
import { createHash } from 'node:crypto';
import { type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { authenticationOf } from '../access/access.js';
import { type Answer, type BmcRequest, empty } from '../messages/answer.js';
import { type Interception } from '../misbehaviours/interception.js';
import { type Journal, type RecordedRequest, type RecordedUpload } from './journal.js';
import { parseJson } from '../tree/json.js';
import { relink, withSlash } from '../tree/links.js';
import { type Switches } from '../misbehaviours/switches.js';
import { FOREIGN_ORIGIN } from '../tree/paths.js';
import { type RedfishService } from '../bmc/redfish-service.js';
import { readRequest } from './reading.js';
import { render } from './rendering.js';
import { closed, send } from './sending.js';
import { reset, type Sockets } from './sockets.js';

export interface ExchangeContext {
  readonly service: RedfishService;
  readonly rules: VendorRules;
  readonly interception: Interception;
  readonly switches: Switches;
  readonly journal: Journal;
  readonly sockets: Sockets;
  readonly origin: string;
  readonly prefix: string;
  readonly inFlight: { current: number; max: number };
}

export async function serve(
  message: IncomingMessage,
  response: ServerResponse,
  context: ExchangeContext,
): Promise<void> {
  const { inFlight, journal } = context;
  const { socket } = message;
  const gone = new AbortController();
  const onClose = (): void => gone.abort();
  socket.once('close', onClose);
  inFlight.current += 1;
  inFlight.max = Math.max(inFlight.max, inFlight.current);
  try {
    await perform(message, response, context, gone.signal);
  } finally {
    // A kept socket serves many requests, so each removes its listener.
    socket.off('close', onClose);
    inFlight.current -= 1;
    journal.changed();
  }
}

async function perform(
  message: IncomingMessage,
  response: ServerResponse,
  context: ExchangeContext,
  gone: AbortSignal,
): Promise<void> {
  const { switches, sockets, journal } = context;
  const { socket } = message;
  if (context.service.isAway) {
    return reset(socket);
  }
  const { keptConnections } = context.rules;
  const kept = sockets.use(socket) > 0 ? (switches.get('halfClosedKeepAlive') ?? keptConnections) : undefined;
  if (kept === 'reset-on-reuse') {
    return reset(socket);
  }
  if (kept === 'silent-on-reuse') {
    return closed(gone);
  }
  const request = await readRequest(message, context.prefix).catch(() => undefined);
  if (!request) {
    return;
  }
  const record: RecordedRequest = {
    method: request.method,
    path: message.url ?? '',
    headers: request.headers,
    body: request.body,
    rawBody: request.rawBody,
    upload: uploadOf(request),
    authentication: authenticationOf(request),
    connection: sockets.serial(socket),
    outcome: 'pending',
  };
  journal.add(record);
  await pause(switches.delay('latency', request) + slowness(request, context.rules), gone);
  record.outcome = gone.aborted
    ? 'gone'
    : await reply(request, response, context, gone, (status) => (record.status = status));
  journal.ended(record);
}

function uploadOf({ parts }: BmcRequest): RecordedUpload | undefined {
  const file = parts?.find(({ name }) => name === 'UpdateFile');
  if (!file) {
    return undefined;
  }
  const parameters = parts?.find(({ name }) => name === 'UpdateParameters')?.bytes.toString('utf8');
  return {
    parameters: parameters === undefined ? undefined : parseJson(parameters),
    filename: file.filename,
    size: file.bytes.length,
    sha256: createHash('sha256').update(file.bytes).digest('hex'),
  };
}

async function reply(
  request: BmcRequest,
  response: ServerResponse,
  context: ExchangeContext,
  signal: AbortSignal,
  tellStatus: (status: number) => void,
): Promise<RecordedRequest['outcome']> {
  const { switches } = context;
  const { socket } = response.req;
  if (switches.applies('neverAnswers', request)) {
    await closed(signal);
    return 'unanswered';
  }
  const when = resetTime(switches);
  if (when === 'before-effect' && switches.applies('resetOnce', request)) {
    reset(socket);
    return 'reset';
  }
  const answer = finalAnswer(request, context);
  if (when === 'after-effect' && switches.applies('resetOnce', request)) {
    reset(socket);
    return 'reset';
  }
  if (answer.isStream) {
    tellStatus(answer.status);
    response.writeHead(answer.status, { ...answer.headers, 'OData-Version': '4.0' });
    response.flushHeaders();
    const leave = context.service.stream((text) => response.write(text), request.headers['last-event-id']);
    context.journal.changed();
    await closed(signal);
    leave();
    return 'answered';
  }
  const rendering = render(answer, request, switches);
  await pause(switches.delay('firstByteDelay', request), signal);
  const isCut = switches.applies('cutBody', request);
  tellStatus(rendering.status);
  if (switches.get('connectionClose')) {
    rendering.headers['Connection'] = 'close';
  }
  await send(response, rendering, {
    byteDelay: switches.delay('slowBytes', request),
    isHead: request.method === 'HEAD',
    isChunkBroken: rendering.status === 401 && switches.get('brokenChunkOn401') === true,
    isCut,
    isStalled: switches.applies('stalledBody', request),
    notHttp: switches.applies('notHttp', request) ? switches.get('notHttp')?.kind : undefined,
    informational: switches.get('informational'),
    signal,
  });
  if (switches.get('halfClosedKeepAlive') === 'fin') {
    socket.end();
  }
  return isCut ? 'cut' : signal.aborted && !response.writableEnded ? 'gone' : 'answered';
}

function finalAnswer(request: BmcRequest, context: ExchangeContext): Answer {
  const { interception, service, origin, prefix, switches } = context;
  if (prefix !== '' && request.path === '') {
    return empty(404);
  }
  const answer = interception.answer(request) ?? service.handle(request, origin);
  const slashes = switches.get('slashes');
  const absolute = switches.get('absoluteLinks');
  const isBare = switches.get('leadingSlashMissing') === true;
  if (prefix === '' && !slashes && !absolute && !isBare) {
    return answer;
  }
  const base = absolute === 'own' ? origin : absolute === 'foreign' ? FOREIGN_ORIGIN : '';
  const change = (path: string, key: string): string => {
    const changed = base + prefix + (slashes ? withSlash(path, slashes) : path);
    return isBare && key !== '@odata.id' ? changed.replace(/^\//, '') : changed;
  };
  const { Location } = answer.headers;
  const headers = {
    ...answer.headers,
    ...(Location?.startsWith('/') && { Location: change(Location, 'Location') }),
  };
  if (answer.body === undefined || Buffer.isBuffer(answer.body) || answer.isText) {
    return { ...answer, headers };
  }
  const body = structuredClone(answer.body);
  relink(body, change);
  return { ...answer, headers, body };
}

function slowness({ path }: BmcRequest, { slow }: VendorRules): number {
  return slow?.path.test(path) ? slow.ms : 0;
}

function resetTime(switches: Switches): 'before-effect' | 'after-effect' | undefined {
  const told = switches.get('resetOnce');
  return typeof told === 'object' ? told.when : told;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) {
    await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
