import { RedfishError, RedfishUnsupportedError, RedfishValidationError } from '../../errors.js';
import type { JsonObject } from '../../json.js';
import type { RedfishClient } from '../client.js';
import { sendCorrected } from '../corrections.js';
import { RedfishNotDoneError } from '../service-errors.js';
import { settle, type SettleOptions } from '../settle.js';
import { readMedium } from './media-list.js';
import type { Medium } from './medium.js';

/** A BMC may object to several missing properties, one after the other. */
const MOST_CORRECTIONS = 3;

/** An image that is to be inserted, and how. */
export interface WantedImage {
  /** An absolute URI that the BMC reads: http, https, nfs or cifs. */
  readonly image: string;
  /** Default: true. */
  readonly writeProtected?: boolean | undefined;
  /** The account at the server of the image. */
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

/** Inserts into an empty slot. Returns it as a later read shows it, whatever the BMC answered. */
export async function insertInto(
  bmc: RedfishClient,
  medium: Medium,
  wanted: WantedImage,
  options: SettleOptions,
): Promise<Medium> {
  let failure: RedfishError | undefined;
  try {
    await send(bmc, medium, wanted, options);
  } catch (error) {
    if (isNotInsertable(error) || !(error instanceof RedfishError)) throw error;
    failure = error;
  }
  // After a failure the BMC is asked once: what it has not done by then, it did not do.
  const patience = failure === undefined ? options.patience : { looks: 1, interval: 0 };
  const now = await settle({ ...options, patience }, async () => {
    const seen = await readMedium(bmc, medium.path, options);
    return seen?.isInserted === true ? seen : undefined;
  }).catch((error: unknown) => {
    throw failure ?? error;
  });
  if (now !== undefined) return now;
  throw (
    failure ??
    new RedfishNotDoneError(`The BMC reported success, but ${medium.path} does not show the image.`)
  );
}

/** Whether no image can be inserted here at all. */
export function isNotInsertable(error: unknown): error is RedfishError {
  if (error instanceof RedfishUnsupportedError) return true;
  return (
    error instanceof RedfishValidationError && error.messages.some(({ key }) => key === 'PropertyNotWritable')
  );
}

async function send(
  bmc: RedfishClient,
  medium: Medium,
  wanted: WantedImage,
  options: SettleOptions,
): Promise<void> {
  const { image, writeProtected = true, username, password } = wanted;
  const body = {
    Image: image,
    ...(username === undefined ? {} : { UserName: username }),
    ...(password === undefined ? {} : { Password: password }),
  };
  const correct = (sent: JsonObject, error: RedfishValidationError): JsonObject | undefined =>
    withMissing(sent, error, image);
  const target = medium.insertTarget;
  if (target !== undefined) {
    const nothingHappened = async (): Promise<boolean> =>
      (await readMedium(bmc, medium.path, options))?.isInserted === false;
    // Supermicro X11 and X12 refuse WriteProtected, whose default is true.
    const state = writeProtected ? {} : { WriteProtected: false };
    const post = async (sent: JsonObject): Promise<unknown> =>
      bmc.post(target, sent, { ...options, nothingHappened });
    await sendCorrected({ ...body, ...state }, MOST_CORRECTIONS, post, correct);
    return;
  }
  if (!medium.offersPatch) {
    const { url } = medium.resource;
    throw new RedfishUnsupportedError(`${url} offers neither an action to insert a medium nor PATCH.`, {
      url,
    });
  }
  const state = { Inserted: true, WriteProtected: writeProtected };
  const patch = async (sent: JsonObject): Promise<unknown> => bmc.patch(medium.path, sent, options);
  await sendCorrected({ ...body, ...state }, MOST_CORRECTIONS, patch, correct);
}

function withMissing(body: JsonObject, error: RedfishValidationError, image: string): JsonObject | undefined {
  const additions: JsonObject = {
    ...(URL.canParse(image) && {
      TransferProtocolType: new URL(image).protocol.replace(':', '').toUpperCase(),
    }),
    TransferMethod: 'Stream',
    // NVIDIA's DGX wants credentials, and takes these for none.
    UserName: 'none',
    Password: 'none',
  };
  const missing = Object.entries(additions).filter(
    ([name]) => error.mentions(name) && !Object.hasOwn(body, name),
  );
  return missing.length === 0 ? undefined : { ...body, ...Object.fromEntries(missing) };
}
