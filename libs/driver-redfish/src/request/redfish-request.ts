import { InvalidParameterValue, type JsonObject } from '@ferrule/driver-kit';
import {
  type JsonObject as RedfishJson,
  linkOf,
  type RedfishAnswer,
  RedfishError,
  samePath,
  textAt,
} from '@ferrule/redfish';
import { type BmcCall } from '../bmc/bmc-call.js';
import { redfishError, RequestNotAllowed } from '../bmc/errors.js';
import { redacted, redactedText } from '../bmc/redact.js';
import { isPlainPath, type RedfishRequestArgs } from './redfish-request.args.js';
import { type RequestAllowList } from '../request-allow-list.js';

/** Bytes of an answer as JSON. Limited because it is held in memory as a whole. */
const LARGEST_ANSWER = 1024 * 1024;
const SHOWN_HEADERS = [
  'allow',
  'cache-control',
  'content-type',
  'etag',
  'last-modified',
  'link',
  'location',
  'odata-version',
  'retry-after',
  'server',
];

interface Asked {
  readonly method: string;
  readonly path: string;
}

/**
 * Sends one request to a node's BMC and returns the answer, also one that is a failure, with masked secrets. The task
 * of a 202 is followed to its end if the caller waits for it. A redirect to what is not allowed is the answer itself.
 *
 * @throws RequestNotAllowed (403) before anything is sent
 */
export async function redfishRequest(
  call: BmcCall,
  { verb, path, body, wait }: Omit<RedfishRequestArgs, 'body'> & Pick<Partial<RedfishRequestArgs>, 'body'>,
  allowed: RequestAllowList,
): Promise<JsonObject> {
  const { bmc, options } = call;
  const { root } = bmc.target;
  const place = placeBelow(root, path);
  if (body !== undefined && (verb === 'GET' || verb === 'DELETE')) {
    throw new InvalidParameterValue(`${verb} must not have a body.`);
  }
  if (!allowed.allows(verb, place.split('?')[0] ?? '')) {
    throw new RequestNotAllowed(
      `${verb} ${root}${place} is not allowed by FERRULE_REDFISH_REQUEST_ALLOW; allowed are: ${allowed.toString()}.`,
    );
  }
  await checkRoot(call);
  const target = root + place;
  const asked: Asked[] = [{ method: verb, path: target }];
  const mayRedirect = (method: string, path: string): boolean => {
    if (!isAllowed(method, path, root, allowed)) return false;
    asked.push({ method, path });
    return true;
  };
  const request = { ...options, method: verb, path: target, body, follow: wait, mayRedirect };
  try {
    const reply = await bmc.request(request);
    const task = reply.status === 202 ? { task: reply.location ?? linkOf(reply.body) ?? null } : {};
    return { ...shown(reply, call, target), ...task };
  } catch (error) {
    if (!(error instanceof RedfishError) || !asked.some((each) => isAnswerTo(error, each))) throw error;
    const { answer, mayBeDone } = error;
    if (answer === undefined || mayBeDone) throw error;
    return shown(answer, call, target);
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

function isAllowed(verb: string, path: string, root: string, allowed: RequestAllowList): boolean {
  if (!isPlainPath(path) || !path.startsWith(root)) return false;
  return allowed.allows(verb, placeBelow(root, path).split('?')[0] ?? '');
}

/** Otherwise whoever may edit a node could reach any path of any web server by a redfish_address with a path. */
async function checkRoot({ bmc, options, nodeUuid }: BmcCall): Promise<void> {
  const { root, origin } = bmc.target;
  let why = 'its path is not plain';
  if (isPlainPath(root)) {
    const kept = missingOfRoot((await bmc.root(options)).body);
    // A BMC that starts may have answered with less than its service root.
    const missing = kept && missingOfRoot((await bmc.root({ ...options, fresh: true })).body);
    if (missing === undefined) return;
    why = `it has no ${missing}`;
  }
  throw new InvalidParameterValue(
    `redfish_address of node ${nodeUuid} does not lead to a Redfish service: ${origin}${root} is not a service root; ${why}.`,
  );
}

/** What a resource lacks to be a service root; undefined if nothing. */
function missingOfRoot(body: RedfishJson): string | undefined {
  if (!/^#ServiceRoot\./.test(textAt(body, '@odata.type') ?? '')) return '@odata.type of a ServiceRoot';
  return (textAt(body, 'RedfishVersion') ?? '') === '' ? 'RedfishVersion' : undefined;
}

/** Not the answer to a login, or to a poll of the task. */
function isAnswerTo({ method, url }: RedfishError, { method: verb, path }: Asked): boolean {
  return method === verb && url !== undefined && samePath(new URL(url).pathname, path.split('?')[0] ?? path);
}

function shown(
  { status, headers, body }: RedfishAnswer,
  { bmc }: BmcCall,
  path: string,
): Record<string, JsonObject[string]> {
  const { credential } = bmc.target;
  const secrets = credential === undefined ? [] : [credential.reveal()];
  const told = SHOWN_HEADERS.flatMap((name): [string, string][] => {
    const value = headers[name];
    return value === undefined ? [] : [[name, redactedText(value, secrets)]];
  });
  const clean = body === undefined ? null : redacted(body, secrets);
  const size = Buffer.byteLength(JSON.stringify(clean));
  if (size > LARGEST_ANSWER) {
    throw redfishError(
      `${bmc.origin}${path} answered with ${size} bytes, more than the limit of ${LARGEST_ANSWER}; ask for less, for example with $select or $top.`,
    );
  }
  return { status, headers: Object.fromEntries(told), body: clean };
}
