import { type JsonObject as ResultObject } from '@ferrule/driver-kit';
import {
  AccountService,
  linkOf,
  RedfishAccessError,
  RedfishConnectionError,
  type RedfishError,
  RedfishTimeoutError,
  RedfishValidationError,
} from '@ferrule/redfish';
import { type BmcCall } from '../bmc/bmc-call.js';
import { redfishError } from '../bmc/errors.js';
import { pause } from '../bmc/pause.js';
import { refusal } from '../bmc/refusal.js';
import { type SetPasswordArgs } from './set-password.args.js';

/**
 * Sets the password of an account at the BMC. For the node's own, the new password is tried, which also deletes the
 * session of the old one; driver_info stays, since only its owner may change it.
 *
 * @throws InvalidParameterValue with the BMC's words for a password that it refuses
 */
export async function setPassword(call: BmcCall, wanted: SetPasswordArgs): Promise<ResultObject> {
  const { bmc, options, nodeUuid } = call;
  const { password, username } = wanted;
  const own = bmc.target.credential?.username;
  const name = username ?? own ?? '';
  const isOwn = name === own;
  try {
    const account = await new AccountService(bmc).setPassword(password, { ...options, userName: username });
    if (isOwn && !(await isAccepted(call, password, 2))) {
      throw redfishError(`${account}: the BMC reported success, and refuses the new password.`);
    }
    return { username: name, account, update_driver_info: isOwn };
  } catch (error) {
    if (error instanceof RedfishValidationError) throw refusal(nodeUuid, 'the password', error);
    // The account may have the new password although the answer was lost.
    if (isOwn && mayBeDone(error) && (await isAccepted(call, password, 1).catch(() => false))) {
      return { username: name, account: null, update_driver_info: true };
    }
    throw error;
  }
}

function mayBeDone(error: unknown): error is RedfishError {
  return (
    (error instanceof RedfishAccessError && error.status === 401) ||
    (error instanceof RedfishConnectionError && !error.isUnsent) ||
    (error instanceof RedfishTimeoutError && error.phase !== 'connect')
  );
}

/** Whether the BMC lets the node's account in with this password; some take a second to know it. */
async function isAccepted(call: BmcCall, password: string, looks: number): Promise<boolean> {
  const { options, patience } = call;
  try {
    const service = linkOf((await call.bmc.root(options)).body['AccountService']);
    if (service === undefined) return false;
    await call.withPassword(password).get(service, options);
    return true;
  } catch (error) {
    if (!(error instanceof RedfishAccessError) || error.status !== 401) throw error;
    if (looks <= 1) return false;
  }
  await pause(patience.interval, options.signal);
  return isAccepted(call, password, looks - 1);
}
