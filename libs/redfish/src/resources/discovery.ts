import {
  RedfishAmbiguousSystemError,
  RedfishError,
  RedfishNotFoundError,
  type SystemCandidate,
} from '../errors.js';
import { noteMaker } from '../quirks/identity.js';
import { linkOf, linksOf, textAt, valueAt } from '../json.js';
import { distinctPaths, inEitherForm } from '../wire/links.js';
import type { Memory } from '../quirks/memory.js';
import type { CallOptions, RedfishResource } from '../types.js';
import type { ResourceReader } from './resource-reader.js';

/** Most candidates whose names are read; the others are listed by path. */
const MOST_DESCRIBED = 16;

export async function findSystem(
  client: ResourceReader,
  memory: Memory,
  options: CallOptions,
): Promise<RedfishResource> {
  const named = client.target.systemId;
  if (named !== undefined) {
    return noted(await inEitherForm(named, async (path) => client.get(path, options)), memory);
  }
  if (memory.systemPath !== undefined) {
    try {
      return noted(await client.get(memory.systemPath, options), memory);
    } catch (error) {
      if (!(error instanceof RedfishNotFoundError)) throw error;
      memory.systemPath = undefined;
    }
  }
  const root = await client.root(options);
  const systems = linkOf(root.body['Systems']);
  const paths = systems === undefined ? [] : await client.members(systems, options);
  const [path] = paths;
  const system =
    path !== undefined && paths.length === 1
      ? await client.get(path, options)
      : await onlyOne(client, paths, root.url, options);
  memory.systemPath = new URL(system.url).pathname;
  return noted(system, memory);
}

/** The managers of a system, and those that the BMC fails to show. One that does not exist is in neither. */
export interface FoundManagers {
  readonly managers: readonly RedfishResource[];
  readonly unread: readonly { readonly path: string; readonly error: RedfishError }[];
}

/** Rejects if there are managers, and none of them can be read. */
export async function findManagers(
  client: ResourceReader,
  memory: Memory,
  system: RedfishResource,
  options: CallOptions,
): Promise<FoundManagers> {
  const links = system.body['Links'];
  let paths = distinctPaths(linksOf(valueAt(links, 'ManagedBy')));
  if (paths.length === 0) paths = distinctPaths(linksOf(valueAt(links, 'Managers')));
  if (paths.length === 0) paths = await allManagers(client, options);
  const managers: RedfishResource[] = [];
  const failures: { path: string; error: RedfishError }[] = [];
  // Not concurrently: a BMC handles two requests at a time.
  for (const path of paths) {
    const manager = await readOrRefused(client, path, options);
    if (manager instanceof RedfishError) failures.push({ path, error: manager });
    else {
      noteMaker(manager.body, 'manager', memory);
      managers.push(manager);
    }
  }
  const [failure] = failures;
  if (managers.length === 0 && failure !== undefined) throw failure.error;
  return { managers, unread: failures.filter(({ error }) => !(error instanceof RedfishNotFoundError)) };
}

/** All managers of a BMC with one system, for a system that names none. */
async function allManagers(client: ResourceReader, options: CallOptions): Promise<string[]> {
  const { body } = await client.root(options);
  const systems = linkOf(body['Systems']);
  const managers = linkOf(body['Managers']);
  if (managers === undefined) return [];
  const isOnly = systems === undefined || (await client.members(systems, options)).length === 1;
  return isOnly ? client.members(managers, options) : [];
}

function noted(system: RedfishResource, memory: Memory): RedfishResource {
  noteMaker(system.body, 'system', memory);
  return system;
}

/** The resource, or the error of a BMC that answers but does not show it. */
async function readOrRefused(
  client: ResourceReader,
  path: string,
  options: CallOptions,
): Promise<RedfishResource | RedfishError> {
  try {
    return await client.get(path, options);
  } catch (error) {
    if (error instanceof RedfishError && error.status !== undefined && error.status !== 401) return error;
    throw error;
  }
}

async function onlyOne(
  client: ResourceReader,
  paths: readonly string[],
  url: string,
  options: CallOptions,
): Promise<RedfishResource> {
  const candidates: SystemCandidate[] = [];
  const found: RedfishResource[] = [];
  for (const path of paths.slice(0, MOST_DESCRIBED)) {
    const system = await readOrRefused(client, path, options);
    if (system instanceof RedfishNotFoundError) continue;
    if (system instanceof RedfishError) {
      candidates.push({ path });
      continue;
    }
    found.push(system);
    const { body } = system;
    candidates.push({
      path,
      name: textAt(body, 'Name'),
      model: textAt(body, 'Model'),
      serial: textAt(body, 'SerialNumber'),
    });
  }
  candidates.push(...paths.slice(MOST_DESCRIBED).map((path) => ({ path })));
  const [only] = found;
  if (only !== undefined && candidates.length === 1) return only;
  const names = candidates.map(({ path, name, model, serial }) =>
    [path, [name, model, serial].filter((word) => word !== undefined && word !== '').join(', ')]
      .filter((part) => part !== '')
      .join(' '),
  );
  const text =
    names.length === 0
      ? `${url} offers no system.`
      : `${url} offers ${names.length} systems: ${names.join('; ')}. Name one of them with the option systemId.`;
  throw new RedfishAmbiguousSystemError(candidates, text, { url, option: 'systemId' });
}
