import { RedfishError, RedfishUnsupportedError, RedfishValidationError } from '../../errors.js';
import type { WriteOptions } from '../../types.js';
import type { RedfishClient } from '../client.js';
import { RedfishNotDoneError } from '../service-errors.js';
import { settle, type SettleOptions } from '../settle.js';
import { readMedium } from './media-list.js';
import type { Medium } from './medium.js';

/** Learned flag: `object` if an action requires `{}`, `none` if it requires no body. */
const ACTION_BODY = 'action-body';

/** What became of one slot. */
export interface Ejection {
  /** As it was before. */
  readonly medium: Medium;
  readonly wasInserted: boolean;
  /** Why the medium is still inserted. */
  readonly failure?: RedfishError | undefined;
}

/** Ejects a medium. Success is what a later read shows, whatever the BMC answered. */
export async function eject(bmc: RedfishClient, medium: Medium, options: SettleOptions): Promise<Ejection> {
  if (!medium.isInserted) return { medium, wasInserted: false };
  // Lenovo has one device under two paths, so ejecting one path empties the other.
  const now = (await readMedium(bmc, medium.path, options)) ?? medium;
  if (!now.isInserted) return { medium, wasInserted: true };
  let failure: RedfishError | undefined;
  try {
    await send(bmc, now, options);
  } catch (error) {
    if (!(error instanceof RedfishError)) throw error;
    failure = error;
  }
  if (await isEmptied(bmc, medium, failure, options)) return { medium, wasInserted: true };
  const still = 'the BMC reported success, but the medium is still inserted';
  return { medium, wasInserted: true, failure: failure ?? new RedfishNotDoneError(still) };
}

async function send(bmc: RedfishClient, medium: Medium, options: SettleOptions): Promise<void> {
  const { virtualMediaBy, actionBody } = await bmc.behaviour(options);
  const target = virtualMediaBy === 'patch' ? undefined : medium.ejectTarget;
  if (target === undefined) {
    await patch(bmc, medium, options);
    return;
  }
  const isObject = (bmc.learned(ACTION_BODY) ?? actionBody) === 'object';
  const nothingHappened = async (): Promise<boolean> =>
    (await readMedium(bmc, medium.path, options))?.isInserted === true;
  try {
    await act(bmc, target, isObject, { ...options, nothingHappened });
  } catch (error) {
    if (!(error instanceof RedfishUnsupportedError) || !medium.offersPatch) throw error;
    await patch(bmc, medium, options);
  }
}

async function act(
  bmc: RedfishClient,
  target: string,
  isObject: boolean,
  options: WriteOptions,
): Promise<void> {
  try {
    await bmc.post(target, isObject ? {} : undefined, options);
  } catch (error) {
    const isAboutBody =
      error instanceof RedfishValidationError && (error.status === 400 || error.status === 415);
    if (!isAboutBody) throw error;
    await bmc.post(target, isObject ? undefined : {}, options);
    bmc.learn(ACTION_BODY, isObject ? 'none' : 'object');
  }
}

async function patch(bmc: RedfishClient, medium: Medium, options: SettleOptions): Promise<void> {
  const { url } = medium.resource;
  if (!medium.offersPatch) {
    throw new RedfishUnsupportedError(`${url} offers neither an action to eject its medium nor PATCH.`, {
      url,
    });
  }
  try {
    await bmc.patch(medium.path, { Image: null, Inserted: false }, options);
  } catch (error) {
    const isAboutInserted = error instanceof RedfishValidationError && error.properties.includes('Inserted');
    if (!isAboutInserted) throw error;
    await bmc.patch(medium.path, { Image: null }, options);
  }
}

/** After a success looks repeatedly, since BMCs show it late; after a failure once, and rethrows it if unreadable. */
async function isEmptied(
  bmc: RedfishClient,
  { path }: Medium,
  failure: RedfishError | undefined,
  options: SettleOptions,
): Promise<boolean> {
  const patience = failure === undefined ? options.patience : { looks: 1, interval: 0 };
  const look = async (): Promise<true | undefined> => {
    const seen = await readMedium(bmc, path, options);
    // A slot may vanish with its medium, but after a failure that cannot be told from one that is not shown.
    const isEmpty = seen === undefined ? failure === undefined : !seen.isInserted;
    return isEmpty ? true : undefined;
  };
  try {
    return (await settle({ ...options, patience }, look)) ?? false;
  } catch (error) {
    if (failure === undefined || !(error instanceof RedfishError)) throw error;
    throw failure;
  }
}
