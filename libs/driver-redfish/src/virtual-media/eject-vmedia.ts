import { BmcError, InvalidParameterValue, type JsonObject as ResultObject } from '@ferrule/driver-kit';
import {
  type RedfishClient,
  RedfishError,
  RedfishUnsupportedError,
  RedfishValidationError,
  type WriteOptions,
} from '@ferrule/redfish';
import { type BmcCall } from '../bmc/bmc-call.js';
import { type BootDevice } from './eject-vmedia.args.js';
import { redfishError } from '../bmc/errors.js';
import { settle } from '../bmc/settle.js';
import { findMedia, type Medium, offersPatch, readMedium, type UnreadMedium } from './virtual-media.js';

/** Learned flag: `object` if an action requires `{}`, `none` if it requires no body. */
const ACTION_BODY = 'action-body';

interface Outcome {
  readonly medium: Medium;
  readonly wasInserted: boolean;
  readonly failure?: string | undefined;
}

/**
 * Ejects virtual media, of one kind or all. Success is what a later read shows, whatever the BMC answered.
 * @throws BmcError naming every slot that still holds its medium
 */
export async function ejectVmedia(call: BmcCall, device: BootDevice | undefined): Promise<ResultObject> {
  const { media, unread } = await findMedia(call);
  const chosen = device === undefined ? media : media.filter((medium) => medium.takes(device));
  if (device !== undefined && chosen.length === 0) throw noSuchDevice(device, media, call);
  const outcomes: Outcome[] = [];
  for (const medium of chosen) {
    const percent = (100 * outcomes.length) / chosen.length;
    if (medium.isInserted) call.options.onProgress?.({ percent, message: `Ejecting ${medium.slot}` });
    outcomes.push(await empty(call, medium));
  }
  const failed = outcomes.filter(({ failure }) => failure !== undefined);
  if (failed.length > 0) throw notEjected(failed, outcomes, call);
  const unreadable = device === undefined ? unread : [];
  return { slots: [...outcomes.map(shown), ...unreadable.map(unreadableSlot)] };
}

async function empty(call: BmcCall, medium: Medium): Promise<Outcome> {
  if (!medium.isInserted) return { medium, wasInserted: false };
  // Lenovo has one device under two paths, so ejecting one path empties the other.
  const now = await readMedium(call, medium.path);
  if (now?.isInserted !== true) return { medium, wasInserted: true };
  let failure: Error | undefined;
  try {
    await eject(call, now);
  } catch (error) {
    if (!(error instanceof RedfishError) && !BmcError.is(error)) throw error;
    failure = error;
  }
  if (await isEmptied(call, medium, failure)) return { medium, wasInserted: true };
  const why = failure?.message ?? 'the BMC reported success, but the medium is still inserted';
  return { medium, wasInserted: true, failure: why };
}

async function eject(call: BmcCall, medium: Medium): Promise<void> {
  const { bmc } = call;
  const nothingHappened = async (): Promise<boolean> =>
    (await readMedium(call, medium.path))?.isInserted === true;
  const options = { ...call.options, nothingHappened };
  const { virtualMediaBy, actionBody } = await bmc.behaviour(options);
  const target = virtualMediaBy === 'patch' ? undefined : medium.ejectTarget;
  if (target === undefined) {
    await patch(call, medium);
    return;
  }
  const isObject = (bmc.learned(ACTION_BODY) ?? actionBody) === 'object';
  try {
    await act(bmc, target, isObject, options);
  } catch (error) {
    if (!(error instanceof RedfishUnsupportedError) || !offersPatch(medium)) throw error;
    await patch(call, medium);
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
    if (!isAboutBody(error)) throw error;
    await bmc.post(target, isObject ? undefined : {}, options);
    bmc.learn(ACTION_BODY, isObject ? 'none' : 'object');
  }
}

async function patch({ bmc, options }: BmcCall, medium: Medium): Promise<void> {
  if (!offersPatch(medium)) {
    throw redfishError(`${medium.resource.url} offers neither an action to eject its medium nor PATCH.`);
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
async function isEmptied(call: BmcCall, { path }: Medium, failure: Error | undefined): Promise<boolean> {
  const patience = failure === undefined ? call.patience : { looks: 1, interval: 0 };
  const look = async (): Promise<true | undefined> =>
    (await readMedium(call, path))?.isInserted === true ? undefined : true;
  try {
    return (await settle({ ...call, patience }, look)) ?? false;
  } catch (error) {
    if (failure === undefined || !(error instanceof RedfishError)) throw error;
    throw failure;
  }
}

function isAboutBody(error: unknown): boolean {
  return error instanceof RedfishValidationError && (error.status === 400 || error.status === 415);
}

function noSuchDevice(device: BootDevice, media: readonly Medium[], { nodeUuid }: BmcCall): Error {
  const types = [...new Set(media.flatMap(({ mediaTypes }) => mediaTypes))];
  const has = types.length > 0 ? `its virtual media are ${types.join(', ')}` : 'its BMC has no virtual media';
  return new InvalidParameterValue(
    `Boot device ${device} is not a valid value for node ${nodeUuid}: ${has}.`,
  );
}

function notEjected(failed: readonly Outcome[], all: readonly Outcome[], { nodeUuid }: BmcCall): Error {
  const reasons = failed.map(
    ({ medium, failure = '' }) => `${medium.slot} (${medium.path}): ${failure.replace(/\.$/, '')}`,
  );
  const out = all.filter(({ wasInserted, failure }) => wasInserted && failure === undefined);
  const rest = out.length > 0 ? ` Ejected: ${out.map(({ medium }) => medium.slot).join(', ')}.` : '';
  return redfishError(`Failed to eject virtual media on node ${nodeUuid}: ${reasons.join('; ')}.${rest}`);
}

/** A slot of which nothing is known, so that nothing was sent to it. */
function unreadableSlot({ path, error }: UnreadMedium): ResultObject {
  const slot = path.replace(/\/+$/, '').split('/').at(-1) ?? path;
  return {
    slot,
    path,
    media_types: [],
    was_inserted: null,
    ejected: false,
    image: null,
    error: error.message,
  };
}

function shown({ medium, wasInserted }: Outcome): ResultObject {
  return {
    slot: medium.slot,
    path: medium.path,
    media_types: medium.mediaTypes,
    was_inserted: wasInserted,
    ejected: wasInserted,
    image: wasInserted ? medium.image : null,
  };
}
