import { RedfishResponseError } from '../../errors.js';
import { isJsonObject, type JsonObject } from '../../json.js';
import { isPassing } from '../../resources/refusals.js';
import type { CallOptions } from '../../types.js';
import { readBody } from '../../wire/body.js';
import { delay } from '../../wire/scope.js';
import { openStream } from '../../resources/download.js';
import type { WireBody } from '../../wire/wire-body.js';
import type { RedfishClient } from '../client.js';
import { EventLines, type StreamMessage } from './event-lines.js';

/** Milliseconds between two tries to open a stream again, at most. */
const MOST_PAUSE = 60_000;

/** Options of an event stream. */
export interface StreamOptions extends Pick<CallOptions, 'signal'> {
  /** Milliseconds without anything from the BMC after which the stream is opened again. Default: none. */
  readonly silence?: number | undefined;
  /** The id of the last event that was seen: the BMC sends what came after it, if it still has it. */
  readonly lastEventId?: string | undefined;
}

/** An event as a BMC streams it. */
export interface StreamedEvent {
  /** For `lastEventId` of a later stream; undefined if the BMC sends none. */
  readonly id: string | undefined;
  /** An Event or MetricReport, as it is posted to subscribers. */
  readonly body: JsonObject;
}

/** Opens the stream, and opens it again after the last event when it ends or breaks. */
export async function* streamEvents(
  bmc: RedfishClient,
  path: string,
  { signal, silence = Infinity, lastEventId }: StreamOptions,
): AsyncGenerator<StreamedEvent, void, undefined> {
  const { maxBody, retries } = bmc.access().bmc.settings;
  let id = lastEventId;
  let isFirst = true;
  for (let failures = 0; ; failures += 1) {
    const lines = new EventLines(maxBody);
    try {
      const stream = await open(bmc, path, id, { signal, silence });
      isFirst = false;
      failures = 0;
      try {
        for await (const piece of stream as AsyncIterable<Buffer>) {
          for (const { data, lastId } of messagesIn(piece, lines, stream)) {
            id = lastId === '' ? id : lastId;
            const body = eventIn(data);
            if (body !== undefined) yield { id, body };
          }
        }
      } finally {
        stream.destroy();
      }
    } catch (error) {
      if (isFirst || !isPassing(error)) throw error;
    }
    const pause = Math.max(retries.baseDelay, lines.retry ?? 0) * 2 ** Math.min(failures, 10);
    await delay(Math.min(pause, MOST_PAUSE), signal);
  }
}

function* messagesIn(
  piece: Buffer,
  lines: EventLines,
  { asked }: WireBody,
): Generator<StreamMessage, void, undefined> {
  try {
    yield* lines.read(piece);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new RedfishResponseError(`${error.message.replace(/\.$/, '')}: ${asked.url}`, {
      ...asked,
      cause: error,
    });
  }
}

async function open(
  bmc: RedfishClient,
  path: string,
  id: string | undefined,
  options: Required<Pick<StreamOptions, 'silence'>> & Pick<StreamOptions, 'signal'>,
): Promise<WireBody> {
  const headers = id === undefined ? undefined : { 'last-event-id': id };
  const {
    stream,
    url,
    status,
    headers: told,
  } = await openStream(bmc.access(), { ...options, method: 'GET', path }, headers);
  const contentType = told['content-type'];
  if (stream !== undefined && /^text\/event-stream\b/i.test(contentType ?? '')) return stream;
  stream?.destroy();
  const details = { method: 'GET', url, status, contentType };
  throw new RedfishResponseError(`GET ${url} answered ${status} without an event stream.`, details);
}

/** The JSON of a message; undefined for anything else, such as a heartbeat. */
function eventIn(data: string): JsonObject | undefined {
  const body = readBody(Buffer.from(data), 'application/json');
  return body.kind === 'json' && isJsonObject(body.value) ? body.value : undefined;
}
