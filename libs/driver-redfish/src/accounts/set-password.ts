import { InvalidParameterValue, type JsonObject as ResultObject } from '@ferrule/driver-kit';
import {
  AccountService,
  linkOf,
  RedfishAccessError,
  RedfishError,
  RedfishServiceError,
  RedfishValidationError,
} from '@ferrule/redfish';
import { type BmcCall } from '../bmc/bmc-call.js';
import { redfishError } from '../bmc/errors.js';
import { pause } from '../bmc/pause.js';
import { refusal } from '../bmc/refusal.js';
import { orUnsupported } from '../bmc/unsupported.js';
import { type SetPasswordArgs } from './set-password.args.js';

const MISSING = { AccountService: 'has no account service', Accounts: 'shows no accounts' };

/** How often the change is sent if the answer was lost and the new password does not work. */
const MOST_TRIES = 2;

/**
 * Sets the password of an account at the BMC. For the node's own, the new password is tried, which also deletes the
 * session of the old one; driver_info stays, since only its owner may change it. After a lost answer, or a 5xx, the new
 * password is tried before anything is repeated or reported.
 *
 * @throws InvalidParameterValue with the BMC's words for a password that it refuses
 * @throws OutcomeUnknown if an answer was lost, and no login tells whether the password was set
 */
export async function setPassword(call: BmcCall, wanted: SetPasswordArgs): Promise<ResultObject> {
  return orUnsupported(call, MISSING, async () => setOrRefused(call, wanted));
}

async function setOrRefused(call: BmcCall, wanted: SetPasswordArgs): Promise<ResultObject> {
  const { bmc, options } = call;
  const { password, username } = wanted;
  const own = bmc.target.credential?.username;
  const name = username ?? own ?? '';
  const isOwn = name === own;
  const isSet = async (looks: number): Promise<boolean> => isAccepted(call, name, password, looks);
  let wasLost = false;
  for (let tries = 1; ; tries += 1) {
    try {
      const account = await new AccountService(bmc).setPassword(password, { ...options, userName: username });
      if (isOwn && !(await isSet(2))) {
        throw redfishError(`${account}: the BMC reported success, and refuses the new password.`);
      }
      return { username: name, account, update_driver_info: isOwn };
    } catch (error) {
      if (!(error instanceof RedfishError)) throw error;
      wasLost ||= error.mayBeDone;
      // A call that was repeated with the old driver_info is refused if the password was set before.
      const isInDoubt = wasLost || error instanceof RedfishServiceError;
      const isToTry = isInDoubt || (isOwn && isRefusedLogin(error));
      const isDone = isToTry ? await isSet(isInDoubt ? 2 : 1).catch(unlessAborted(call)) : false;
      if (isDone === true) return { username: name, account: null, update_driver_info: isOwn };
      // An account that may not log in does not get in with its new password, either.
      const isKnown = isDone === false && (isOwn || !wasLost);
      if (isKnown && error.mayBeDone && error.status === undefined && tries < MOST_TRIES) continue;
      throw inOwnWords(error, call, isKnown);
    }
  }
}

function isRefusedLogin(error: RedfishError): boolean {
  return error instanceof RedfishAccessError && error.status === 401;
}

function unlessAborted({ options }: BmcCall): () => undefined {
  return () => {
    options.signal?.throwIfAborted();
    return undefined;
  };
}

/** @param isKnown whether it is certain that the password was not set */
function inOwnWords(error: RedfishError, { nodeUuid }: BmcCall, isKnown: boolean): Error {
  if (!(error instanceof RedfishValidationError)) return error;
  const refused = refusal(nodeUuid, 'the password', error);
  return isKnown ? new InvalidParameterValue(refused.message) : refused;
}

/** Whether the BMC lets the account in with this password; some take a second to know it. */
async function isAccepted(call: BmcCall, name: string, password: string, looks: number): Promise<boolean> {
  const { options, patience } = call;
  try {
    const service = linkOf((await call.bmc.root(options)).body['AccountService']);
    if (service === undefined) return false;
    await call.withAccount(name, password).get(service, options);
    return true;
  } catch (error) {
    // 403: it is let in, and may not read this.
    if (error instanceof RedfishAccessError && error.status === 403) return true;
    if (!(error instanceof RedfishAccessError) || error.status !== 401) throw error;
    if (looks <= 1) return false;
  }
  await pause(patience.interval, options.signal);
  return isAccepted(call, name, password, looks - 1);
}
