import { RedfishArgumentError, RedfishNotFoundError, type RedfishError } from '../errors.js';
import type { RedfishClient } from './client.js';

/** A resource that the BMC lists and fails to show; what it would have listed is missing. */
export interface Unread {
  readonly path: string;
  readonly error: RedfishError;
}

/** What a search found, as lines, and where it could not look. */
export interface Found {
  readonly lines: readonly string[];
  readonly unread: readonly Unread[];
}

/**
 * Runs `use` with what was found before, so that a read costs one request. Finds it anew if there is nothing yet, if a
 * resource no longer exists, or if `use` refuses a name with a RedfishArgumentError, as what it names may be new. Keeps
 * only what a search without failures found.
 *
 * @param key names what is found, on this BMC
 */
export async function withKept<T>(
  bmc: RedfishClient,
  key: string,
  find: () => Promise<Found>,
  use: (found: Found) => Promise<T>,
): Promise<T> {
  const flag = `${key} ${bmc.target.systemId ?? ''}`.trimEnd();
  const known = bmc.learned(flag);
  if (known !== undefined) {
    try {
      return await use({ lines: known.split('\n'), unread: [] });
    } catch (error) {
      if (error instanceof RedfishNotFoundError) bmc.learn(flag, undefined);
      else if (!(error instanceof RedfishArgumentError)) throw error;
    }
  }
  const found = await find();
  const result = await use(found);
  // Some BMCs put blanks into paths, but none can put line ends.
  if (found.lines.length > 0 && found.unread.length === 0) bmc.learn(flag, found.lines.join('\n'));
  return result;
}

/** The words for the sources in which a name may be that was not found. */
export function unreadWords(unread: readonly Unread[]): string {
  return unread.map(({ path, error }) => ` ${path} could not be read: ${error.message}`).join('');
}
