import { RedfishNotFoundError } from '../errors.js';
import type { RedfishClient } from './client.js';

/**
 * Runs `use` with paths that were found before, so that a read costs one request; finds them anew if there are none
 * yet, or one of them no longer exists. `key` names what is found, on this BMC.
 */
export async function withKept<T>(
  bmc: RedfishClient,
  key: string,
  find: () => Promise<readonly string[]>,
  use: (paths: readonly string[]) => Promise<T>,
): Promise<T> {
  const flag = `${key} ${bmc.target.systemId ?? ''}`.trimEnd();
  const known = bmc.learned(flag);
  if (known !== undefined) {
    try {
      return await use(known.split('\n'));
    } catch (error) {
      if (!(error instanceof RedfishNotFoundError)) throw error;
      bmc.learn(flag, undefined);
    }
  }
  const found = await find();
  const result = await use(found);
  // Some BMCs put blanks into paths, but none can put line ends.
  if (found.length > 0) bmc.learn(flag, found.join('\n'));
  return result;
}
