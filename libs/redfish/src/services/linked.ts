import { RedfishError, RedfishNotFoundError } from '../errors.js';
import { linkOf } from '../json.js';
import type { CallOptions, RedfishResource } from '../types.js';
import type { RedfishClient } from './client.js';
import { RedfishMissingError } from './service-errors.js';

/**
 * The path of a service that the root links, such as `UpdateService`.
 *
 * @throws RedfishMissingError
 */
export async function serviceLink(bmc: RedfishClient, name: string, options: CallOptions): Promise<string> {
  const link = linkOf((await bmc.root(options)).body[name]);
  if (link === undefined) throw new RedfishMissingError(name, bmc.target.root);
  return link;
}

/**
 * A service that the root links.
 *
 * @throws RedfishMissingError where the root has no such link, and where it leads to nothing
 */
export async function serviceOf(
  bmc: RedfishClient,
  name: string,
  options: CallOptions,
): Promise<RedfishResource> {
  const link = await serviceLink(bmc, name, options);
  return orMissing(name, bmc.target.root, async () => bmc.get(link, options));
}

/** Runs work that reads what a property links: some BMCs link what they do not have. */
export async function orMissing<T>(property: string, resource: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RedfishNotFoundError)) throw error;
    throw new RedfishMissingError(property, resource, { ...RedfishError.detailsOf(error), cause: error });
  }
}
