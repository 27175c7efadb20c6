import {
  RedfishNotFoundError,
  RedfishUnsupportedError,
  RedfishValidationError,
  type RedfishError,
} from '../../errors.js';
import { linkOf, linksOf } from '../../json.js';
import { isUnreadable } from '../../resources/refusals.js';
import type { CallOptions } from '../../types.js';
import { distinctPaths, lastSegment } from '../../wire/links.js';
import type { RedfishClient } from '../client.js';
import type { Unread } from '../kept.js';
import { Medium } from './medium.js';

/** The slots for media of a system and its managers. */
export interface MediaList {
  readonly media: readonly Medium[];
  readonly unread: readonly Unread[];
}

export async function listMedia(bmc: RedfishClient, options: CallOptions): Promise<MediaList> {
  const failures: RedfishError[] = [];
  const attempt = async <T>(read: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await read();
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      // Some managers link a collection that does not exist.
      if (!(error instanceof RedfishNotFoundError)) failures.push(error);
      return undefined;
    }
  };
  const system = await bmc.system(options);
  const managers = (await attempt(async () => bmc.managers(system, options))) ?? [];
  const collections = distinctPaths(
    [system, ...managers].flatMap(({ body }) => linkOf(body['VirtualMedia']) ?? []),
  );
  const members: string[] = [];
  for (const collection of collections) {
    const found = await attempt(async () => bmc.collection(collection, options));
    members.push(...linksOf(found?.body['Members']));
  }
  const { mirrorsMedia } = await bmc.behaviour(options);
  const media: Medium[] = [];
  const unread: Unread[] = [];
  for (const path of mirrorsMedia === true ? firstOfEachId(members) : distinctPaths(members)) {
    try {
      const medium = await readMedium(bmc, path, options);
      if (medium !== undefined) media.push(medium);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      unread.push({ path, error });
    }
  }
  const [failure] = [...failures, ...unread.map(({ error }) => error)];
  if (media.length === 0 && failure !== undefined) throw failure;
  return { media, unread };
}

/** A medium as it is now; undefined for a slot that cannot be read and never could, as on Cisco. */
export async function readMedium(
  bmc: RedfishClient,
  path: string,
  options: CallOptions,
): Promise<Medium | undefined> {
  const behaviour = await bmc.behaviour(options);
  try {
    return new Medium(path, await bmc.get(path, options), behaviour);
  } catch (error) {
    const isDead =
      error instanceof RedfishNotFoundError ||
      error instanceof RedfishUnsupportedError ||
      error instanceof RedfishValidationError;
    if (isDead) return undefined;
    throw error;
  }
}

function firstOfEachId(paths: readonly string[]): readonly string[] {
  const ids = paths.map(lastSegment);
  return paths.filter((path, at) => ids.indexOf(lastSegment(path)) === at);
}
