import { type Answer } from '../../support/http-client.js';
import { type Mismatch } from './comparison.js';
import { type Exchange } from './recording.js';
import { type World } from './world.js';

type Members = Readonly<Record<string, unknown>>;

/** Strings that differ between installations, by request path and member path; only their type is compared. */
const OWN_TEXTS: readonly [request: RegExp, member: RegExp][] = [
  [/^\/$/, /^(name|description)$/],
  [/^\/v1\/?$/, /^links\.1\.href$/],
  // The fixture's methods have other descriptions.
  [/\/lab-/, /\.description$/],
  [/\/lab-hardware\/properties$/, /^\w+$/],
  [/./, /(^|\.)(created|updated|provision_updated)_at$/],
];

/** Not compared: installations differ. */
const OWN_LISTS = /(^|\.)enabled_\w+_interfaces$/;

/** Not compared: changed by power and provisioning requests, which are not replayed. */
const ELSEWHERE = /(^|\.)(power_state|provision_state|provision_updated_at|target_(power|provision)_state)$/;

/** Ironic's prefix of an asynchronous failure; the driver's message after it is not compared. */
const ASYNC_FAILURE = /^(Async execution of \w+ failed with error: ).+$/;

export function compareBodies(exchange: Exchange, answer: Answer, world: World): Mismatch[] {
  const { body } = exchange.response;
  if (body === '' || answer.text === '') {
    return body === answer.text ? [] : [{ where: 'body', recorded: body, actual: answer.text }];
  }
  const recorded = inOurWorld(JSON.parse(world.translate(body)) as unknown, world);
  return differences(recorded, answer.json(), '', exchange, world);
}

function differences(
  recorded: unknown,
  actual: unknown,
  path: string,
  exchange: Exchange,
  world: World,
): Mismatch[] {
  if (Array.isArray(recorded) && Array.isArray(actual)) {
    if (OWN_LISTS.test(path)) return [];
    return compareMembers({ ...recorded }, { ...(actual as unknown[]) }, path, exchange, world);
  }
  if (isMembers(recorded) && isMembers(actual))
    return compareMembers(recorded, actual, path, exchange, world);
  return isSame(recorded, actual, path, exchange, world) ? [] : [{ where: `body:${path}`, recorded, actual }];
}

function compareMembers(
  recorded: Members,
  actual: Members,
  path: string,
  exchange: Exchange,
  world: World,
): Mismatch[] {
  const names = [...new Set([...Object.keys(recorded), ...Object.keys(actual)])];
  return names.flatMap((name) =>
    differences(recorded[name], actual[name], path === '' ? name : `${path}.${name}`, exchange, world),
  );
}

function isSame(recorded: unknown, actual: unknown, path: string, exchange: Exchange, world: World): boolean {
  if (Object.is(recorded, actual)) return true;
  if (ELSEWHERE.test(path)) return isTextOrNull(recorded) && isTextOrNull(actual);
  if (path.endsWith('.next') || path === 'next') return isSameLink(String(recorded), String(actual));
  if (typeof recorded === 'string' && typeof actual === 'string') {
    if (world.version(recorded) === actual && /(^|\.)version$/.test(path)) return true;
    if (isNew(exchange, path)) return true;
    if (ASYNC_FAILURE.test(recorded))
      return recorded.replace(ASYNC_FAILURE, '$1') === actual.replace(ASYNC_FAILURE, '$1');
    return isOwnText(path, exchange);
  }
  return false;
}

function isNew({ response }: Exchange, path: string): boolean {
  return response.status === 201 && /^(uuid|(links|ports|states|portgroups|volume)\.\d+\.href)$/.test(path);
}

function isOwnText(path: string, { request }: Exchange): boolean {
  return OWN_TEXTS.some(([where, member]) => where.test(request.path) && member.test(path));
}

function isSameLink(recorded: string, actual: string): boolean {
  const [there, here] = [new URL(recorded), new URL(actual)];
  there.searchParams.sort();
  here.searchParams.sort();
  return there.href === here.href;
}

function inOurWorld(body: unknown, world: World): unknown {
  if (!isMembers(body)) return body;
  const { nodes, drivers } = body;
  if (Array.isArray(nodes)) return { ...body, nodes: nodes.filter((node) => isOurs(node, world)) };
  if (Array.isArray(drivers)) return { ...body, drivers: drivers.filter(isOurDriver) };
  return body;
}

function isOurs(node: unknown, world: World): boolean {
  // The discovery document has links under the same name.
  if (isMembers(node) && 'rel' in node) return true;
  const uuid = isMembers(node) ? /[0-9a-f-]{36}/.exec(JSON.stringify(node['links'] ?? node))?.[0] : undefined;
  return uuid !== undefined && world.has(uuid);
}

function isOurDriver(driver: unknown): boolean {
  return isMembers(driver) && ('rel' in driver || /^(fake|lab)-hardware$/.test(String(driver['name'])));
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === 'string';
}
