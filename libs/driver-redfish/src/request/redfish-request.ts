import { InvalidParameterValue, type JsonObject, NotFound } from '@ferrule/driver-kit';
import { RedfishNotFoundError, type RedfishReply } from '@ferrule/redfish';
import { type BmcCall } from '../bmc/bmc-call.js';
import { redfishError, RequestNotAllowed } from '../bmc/errors.js';
import { redacted } from '../bmc/redact.js';
import { type RedfishRequestArgs } from './redfish-request.args.js';
import { type RequestAllowList } from '../request-allow-list.js';

/** Bytes of an answer as JSON. Limited because it is held in memory as a whole. */
const LARGEST_ANSWER = 1024 * 1024;
const SHOWN_HEADERS = ['allow', 'content-type', 'etag', 'location', 'retry-after'];

/**
 * Sends one request to a node's BMC, follows a 202 to its end, and masks secrets in the answer.
 * @throws RequestNotAllowed (403) before anything is sent
 */
export async function redfishRequest(
  { bmc, nodeUuid, options }: BmcCall,
  { verb, path, body }: RedfishRequestArgs,
  allowed: RequestAllowList,
): Promise<JsonObject> {
  const { root, credential } = bmc.target;
  const place = placeBelow(root, path);
  if (body !== undefined && (verb === 'GET' || verb === 'DELETE')) {
    throw new InvalidParameterValue(`${verb} must not have a body.`);
  }
  if (!allowed.allows(verb, place.split('?')[0] ?? '')) {
    throw new RequestNotAllowed(
      `${verb} ${root}${place} is not allowed by FERRULE_REDFISH_REQUEST_ALLOW; allowed are: ${allowed.toString()}.`,
    );
  }
  try {
    const reply = await bmc.request({ ...options, method: verb, path: root + place, body });
    return answer(reply, credential === undefined ? [] : [credential.reveal()]);
  } catch (error) {
    if (!(error instanceof RedfishNotFoundError)) throw error;
    throw new NotFound(`Node ${nodeUuid}: ${error.message}`, { cause: error });
  }
}

/**
 * The part of a path below a BMC's own service root; `/redfish/v1/` means that root, too.
 * @throws InvalidParameterValue for any other path
 */
export function placeBelow(root: string, path: string): string {
  for (const start of [root, '/redfish/v1/']) {
    if (path.startsWith(start)) return path.slice(start.length);
    // The root itself; links to it may lack the slash at the end.
    if (path.split('?')[0] === start.slice(0, -1)) return path.slice(start.length - 1);
  }
  if (!path.startsWith('/')) return path;
  throw new InvalidParameterValue(`The path ${path} is not below ${root}, the service root of the BMC.`);
}

function answer({ status, headers, body, url }: RedfishReply, secrets: readonly string[]): JsonObject {
  const shown = SHOWN_HEADERS.flatMap((name): [string, string][] => {
    const value = headers[name];
    return value === undefined ? [] : [[name, value]];
  });
  const clean = body === undefined ? null : redacted(body, secrets);
  const size = Buffer.byteLength(JSON.stringify(clean));
  if (size > LARGEST_ANSWER) {
    throw redfishError(
      `${url} answered with ${size} bytes, more than the limit of ${LARGEST_ANSWER}; ask for less, for example with $select or $top.`,
    );
  }
  return { status, headers: Object.fromEntries(shown), body: clean };
}
