import { linksIn } from './collection.js';
import { RedfishAmbiguousSystemError, RedfishNotFoundError, type SystemCandidate } from '../errors.js';
import { noteMaker } from '../quirks/identity.js';
import { linkOf, textAt, valueAt } from '../json.js';
import { withOrWithoutSlash } from '../wire/links.js';
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
    return noted(await withOrWithoutSlash(named, async (path) => client.get(path, options)), memory);
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
  if (path === undefined || paths.length > 1) throw await ambiguous(client, paths, root.url, options);
  const system = await client.get(path, options);
  memory.systemPath = path;
  return noted(system, memory);
}

export async function findManagers(
  client: ResourceReader,
  memory: Memory,
  system: RedfishResource,
  options: CallOptions,
): Promise<RedfishResource[]> {
  const links = system.body['Links'];
  let paths = linksIn(valueAt(links, 'ManagedBy'));
  if (paths.length === 0) paths = linksIn(valueAt(links, 'Managers'));
  if (paths.length === 0) paths = await allManagers(client, options);
  const managers: RedfishResource[] = [];
  // Not concurrently: a BMC handles two requests at a time.
  for (const path of paths) {
    const manager = await client.get(path, options);
    noteMaker(manager.body, 'manager', memory);
    managers.push(manager);
  }
  return managers;
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

async function ambiguous(
  client: ResourceReader,
  paths: readonly string[],
  url: string,
  options: CallOptions,
): Promise<RedfishAmbiguousSystemError> {
  const candidates: SystemCandidate[] = [];
  for (const path of paths.slice(0, MOST_DESCRIBED)) {
    const { body } = await client.get(path, options);
    candidates.push({
      path,
      name: textAt(body, 'Name'),
      model: textAt(body, 'Model'),
      serial: textAt(body, 'SerialNumber'),
    });
  }
  candidates.push(...paths.slice(MOST_DESCRIBED).map((path) => ({ path })));
  const names = candidates.map(({ path, name, model, serial }) =>
    [path, [name, model, serial].filter((word) => word !== undefined && word !== '').join(', ')]
      .filter((part) => part !== '')
      .join(' '),
  );
  const text =
    names.length === 0
      ? `${url} offers no system.`
      : `${url} offers ${names.length} systems; set redfish_system_id to one of: ${names.join('; ')}.`;
  return new RedfishAmbiguousSystemError(candidates, text, { url });
}
