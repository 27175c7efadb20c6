import { RedfishUnsupportedError } from '../../errors.js';
import { actionTarget, type JsonObject } from '../../json.js';
import type { CallOptions } from '../../types.js';
import type { RedfishClient } from '../client.js';

const CHANGE = '#ManagerAccount.ChangePassword';

/**
 * Sets the password of an account by its action, which proves that the caller knows its own, or by PATCH where there is
 * none.
 */
export async function setPasswordOf(
  bmc: RedfishClient,
  { path, body }: { readonly path: string; readonly body: JsonObject },
  password: string,
  options: CallOptions,
): Promise<void> {
  const target = actionTarget(body, CHANGE);
  const own = bmc.target.credential?.reveal();
  if (target !== undefined && own !== undefined) {
    try {
      await bmc.post(target, { NewPassword: password, SessionAccountPassword: own }, options);
      return;
    } catch (error) {
      if (!(error instanceof RedfishUnsupportedError)) throw error;
    }
  }
  // After a lost answer the caller tries the password first: BMCs refuse to set the one that is set already.
  const nothingHappened = async (): Promise<boolean> => Promise.resolve(false);
  await bmc.patch(path, { Password: password }, { ...options, nothingHappened });
}
