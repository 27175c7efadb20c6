import {
  BmcError,
  Conflict,
  InvalidParameterValue,
  type JsonObject as ResultObject,
} from '@ferrule/driver-kit';
import {
  actionTarget,
  type JsonObject,
  RedfishError,
  RedfishUnsupportedError,
  RedfishValidationError,
  samePath,
  textAt,
} from '@ferrule/redfish';
import { type BmcCall } from '../bmc/bmc-call.js';
import { redfishError } from '../bmc/errors.js';
import { settle } from '../bmc/settle.js';
import { isBootDevice } from './eject-vmedia.args.js';
import { type InsertVmediaArgs } from './insert-vmedia.args.js';
import { mediumView } from './medium-view.js';
import { findMedia, type Medium, offersPatch, readMedium } from './virtual-media.js';

const INSERT = '#VirtualMedia.InsertMedia';
/** A BMC may object to several missing properties, one after the other. */
const MOST_CORRECTIONS = 3;

/**
 * Inserts an image into a slot. Success is what a later read shows, whatever the BMC answered. An image that is there
 * already is a success without a request.
 *
 * @throws BmcError with the answer of the BMC; Conflict if the slots are in use
 */
export async function insertVmedia(call: BmcCall, wanted: InsertVmediaArgs): Promise<ResultObject> {
  const { media } = await findMedia(call);
  const chosen = candidates(media, wanted, call);
  const present = chosen.find((medium) => medium.isInserted && holds(medium, wanted));
  if (present !== undefined) return mediumView(present);
  const empty = chosen.filter((medium) => !medium.isInserted);
  if (empty.length === 0) throw inUse(chosen, call);
  let refusal: Error | undefined;
  for (const medium of empty) {
    call.options.onProgress?.({ message: `Inserting into ${medium.slot}` });
    try {
      return mediumView(await insertInto(call, medium, wanted));
    } catch (error) {
      // Lenovo lists slots of its own remote control, too, whose Image cannot be written.
      if (!isNotInsertable(error)) throw error;
      refusal ??= error;
    }
  }
  throw redfishError(
    `Failed to insert virtual media on node ${call.nodeUuid}: no slot can be inserted. ${refusal?.message ?? ''}`,
    { cause: refusal },
  );
}

function candidates(media: readonly Medium[], wanted: InsertVmediaArgs, { nodeUuid }: BmcCall): Medium[] {
  const { slot, boot_device: device } = wanted;
  const chosen = media.filter((medium) =>
    slot === undefined
      ? isBootDevice(device) && medium.takes(device)
      : medium.slot === slot || samePath(medium.path, slot),
  );
  if (chosen.length > 0) return chosen;
  const has = media.map((medium) => `${medium.slot} (${medium.mediaTypes.join(', ')})`).join('; ');
  throw new InvalidParameterValue(
    `Node ${nodeUuid} has no ${slot === undefined ? `slot for ${device}` : `slot ${slot}`}: ` +
      (has === '' ? 'its BMC has no virtual media.' : `its slots are ${has}.`),
  );
}

async function insertInto(call: BmcCall, medium: Medium, wanted: InsertVmediaArgs): Promise<Medium> {
  let failure: Error | undefined;
  try {
    await send(call, medium, wanted);
  } catch (error) {
    if (isNotInsertable(error) || (!(error instanceof RedfishError) && !BmcError.is(error))) throw error;
    failure = error;
  }
  const patience = failure === undefined ? call.patience : { looks: 1, interval: 0 };
  const look = async (): Promise<Medium | undefined> => {
    const now = await readMedium(call, medium.path);
    return now?.isInserted === true ? now : undefined;
  };
  const now = await settle({ ...call, patience }, look).catch((error: unknown) => {
    throw failure ?? error;
  });
  if (now !== undefined) return now;
  if (failure !== undefined) throw failure;
  throw redfishError(
    `Failed to insert virtual media on node ${call.nodeUuid}: the BMC reported success, but ${medium.path} does not show the image.`,
  );
}

async function send(call: BmcCall, medium: Medium, wanted: InsertVmediaArgs): Promise<void> {
  const { bmc } = call;
  const nothingHappened = async (): Promise<boolean> =>
    (await readMedium(call, medium.path))?.isInserted !== true;
  const options = { ...call.options, nothingHappened };
  const target = actionTarget(medium.body, INSERT);
  if (target === undefined) {
    if (!offersPatch(medium)) {
      throw new RedfishUnsupportedError(
        `${medium.resource.url} offers neither an action to insert a medium nor PATCH.`,
      );
    }
    const state = { Inserted: true, WriteProtected: wanted.write_protected };
    await corrected(wanted, { ...bodyOf(wanted), ...state }, async (body) =>
      bmc.patch(medium.path, body, options),
    );
    return;
  }
  // Supermicro X11 and X12 refuse WriteProtected, whose default is true.
  const state = wanted.write_protected ? {} : { WriteProtected: false };
  await corrected(wanted, { ...bodyOf(wanted), ...state }, async (body) => bmc.post(target, body, options));
}

function bodyOf({ image, username, password }: InsertVmediaArgs): JsonObject {
  return {
    Image: image,
    ...(username === undefined ? {} : { UserName: username }),
    ...(password === undefined ? {} : { Password: password }),
  };
}

async function corrected(
  wanted: InsertVmediaArgs,
  body: JsonObject,
  attempt: (body: JsonObject) => Promise<unknown>,
): Promise<void> {
  let sent = body;
  for (let corrections = 0; ; corrections += 1) {
    try {
      await attempt(sent);
      return;
    } catch (error) {
      const missing = error instanceof RedfishValidationError ? missingIn(sent, error, wanted) : {};
      if (corrections >= MOST_CORRECTIONS || Object.keys(missing).length === 0) throw error;
      sent = { ...sent, ...missing };
    }
  }
}

function missingIn(body: JsonObject, error: RedfishValidationError, { image }: InsertVmediaArgs): JsonObject {
  const additions: JsonObject = {
    TransferProtocolType: new URL(image).protocol.replace(':', '').toUpperCase(),
    TransferMethod: 'Stream',
    // NVIDIA's DGX wants credentials, and takes these for none.
    UserName: 'none',
    Password: 'none',
  };
  const named = (name: string): boolean =>
    error.properties.includes(name) || new RegExp(`\\b${name}\\b`).test(error.reason);
  const names = Object.keys(additions).filter((name) => named(name) && !Object.hasOwn(body, name));
  return Object.fromEntries(
    names.flatMap((name) => (name in additions ? [[name, additions[name] ?? null]] : [])),
  );
}

/** Some BMCs show only the name of the file. */
function holds({ body }: Medium, { image }: InsertVmediaArgs): boolean {
  const own = textAt(body, 'Image') ?? textAt(body, 'ImageName') ?? '';
  if (URL.canParse(own)) return new URL(own).href === new URL(image).href;
  return own !== '' && (image.split(/[?#]/)[0] ?? image).endsWith(`/${own}`);
}

function isNotInsertable(error: unknown): error is RedfishError {
  if (error instanceof RedfishUnsupportedError) return true;
  return (
    error instanceof RedfishValidationError && error.messages.some(({ key }) => key === 'PropertyNotWritable')
  );
}

function inUse(chosen: readonly Medium[], { nodeUuid }: BmcCall): Error {
  const held = chosen.map(({ slot, image }) => `${slot} holds ${image ?? 'a medium'}`).join(', ');
  return new Conflict(`Node ${nodeUuid} has no empty slot: ${held}. Eject it first.`);
}
