import { BmcError, type JsonObject as ResultObject, UnsupportedDriverExtension } from '@ferrule/driver-kit';
import {
  linkOf,
  Power,
  RedfishConnectionError,
  RedfishError,
  RedfishNotReadyError,
  type RedfishResource,
  RedfishServiceError,
  RedfishTimeoutError,
  textAt,
} from '@ferrule/redfish';
import { type BmcCall } from '../bmc/bmc-call.js';
import { redfishError } from '../bmc/errors.js';
import { pause } from '../bmc/pause.js';
import { type BmcResetArgs } from './bmc-reset.args.js';

const WARM = ['GracefulRestart', 'ForceRestart'];
const COLD = ['ForceRestart', 'GracefulRestart'];
/** Looks without an answer in a row that show that a BMC is away. A single one may be late because this service is busy. */
const SILENT = 2;

/**
 * Restarts the manager of the node's system, at most once, and returns when it answers again. `was_away` is false if
 * the manager answered all the time and shows no other LastResetTime.
 *
 * @throws OutcomeUnknown if that is so and the answer to the request was lost
 */
export async function bmcReset(call: BmcCall, wanted: BmcResetArgs): Promise<ResultObject> {
  const power = new Power(call.bmc);
  const manager = await resettable(call, power);
  const type = await resetType(call, power, manager, wanted);
  call.options.onProgress?.({ message: `Resetting the BMC: ${type}` });
  const lost = await order(call, power, manager, type);
  call.options.onProgress?.({ message: 'Waiting until the BMC answers again' });
  const path = pathOf(manager);
  return { manager: path, reset_type: type, was_away: await answersAgain(call, manager, lost) };
}

async function resettable({ bmc, options, nodeUuid }: BmcCall, power: Power): Promise<RedfishResource> {
  const managers = await bmc.managers(await bmc.system(options), options);
  const manager = managers.find((each) => power.canReset(each));
  if (manager !== undefined) return manager;
  throw new UnsupportedDriverExtension(`No manager of node ${nodeUuid} offers a reset.`);
}

async function resetType(
  call: BmcCall,
  power: Power,
  manager: RedfishResource,
  { warm }: BmcResetArgs,
): Promise<string> {
  const wanted = warm ? WARM : COLD;
  const allowed = await power.resetTypes({ ...call.options, of: manager });
  const type = allowed.length === 0 ? wanted[0] : wanted.find((each) => allowed.includes(each));
  if (type !== undefined) return type;
  throw new UnsupportedDriverExtension(
    `The BMC of node ${call.nodeUuid} has no restart; its ResetType may be ${allowed.join(', ')}.`,
  );
}

/** The error if the answer was lost, as by BMCs that restart before they answer. */
async function order(
  { options }: BmcCall,
  power: Power,
  of: RedfishResource,
  type: string,
): Promise<RedfishError | undefined> {
  try {
    await power.reset(type, { ...options, of, follow: false });
    return undefined;
  } catch (error) {
    if (error instanceof RedfishError && error.mayBeDone) return error;
    throw error;
  }
}

async function answersAgain(
  call: BmcCall,
  before: RedfishResource,
  lost: RedfishError | undefined,
): Promise<boolean> {
  const { restart, options } = call;
  const began = performance.now();
  let wasAway = false;
  let silent = 0;
  for (;;) {
    await pause(restart.interval, options.signal);
    const now = await look(call, pathOf(before));
    const elapsed = performance.now() - began;
    if (now instanceof RedfishError) {
      silent = now instanceof RedfishTimeoutError ? silent + 1 : 0;
      wasAway ||= isDown(now) || silent >= SILENT;
      if (elapsed > restart.most) throw stillAway(call, now, lost);
      continue;
    }
    silent = 0;
    const isNew = textAt(now.body, 'LastResetTime') !== textAt(before.body, 'LastResetTime');
    if (wasAway || isNew) return true;
    if (elapsed <= restart.unseen) continue;
    if (lost === undefined) return false;
    const text = `${lost.message} It has answered ever since and shows no other LastResetTime.`;
    throw redfishError(text, { cause: lost });
  }
}

/** Whether no service answered. Other refusals come from a BMC that is there. */
function isDown(error: RedfishError): boolean {
  return (
    error instanceof RedfishConnectionError ||
    error instanceof RedfishNotReadyError ||
    error instanceof RedfishServiceError
  );
}

async function look(
  { bmc, options, restart }: BmcCall,
  path: string,
): Promise<RedfishResource | RedfishError> {
  try {
    return await bmc.get(path, { ...options, timeout: restart.look });
  } catch (error) {
    if (error instanceof RedfishError) return error;
    throw error;
  }
}

function stillAway({ nodeUuid, restart }: BmcCall, error: RedfishError, lost?: RedfishError): Error {
  const text = `The BMC of node ${nodeUuid} was reset and has not answered for ${restart.most / 1_000} s: ${error.message}`;
  const { message } = redfishError(text);
  return new BmcError('RedfishError', 'timeout', message, { cause: lost ?? error });
}

function pathOf({ body, url }: RedfishResource): string {
  return linkOf(body) ?? new URL(url).pathname;
}
