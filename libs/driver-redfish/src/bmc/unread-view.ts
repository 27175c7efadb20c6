import { type JsonObject } from '@ferrule/driver-kit';
import { type RedfishError } from '@ferrule/redfish';

/** `{"unread": [{path, error}]}`, or nothing if everything was read. */
export function unreadView(
  unread: readonly { readonly path: string; readonly error: RedfishError }[],
): JsonObject {
  if (unread.length === 0) return {};
  return { unread: unread.map(({ path, error }) => ({ path, error: error.message })) };
}
