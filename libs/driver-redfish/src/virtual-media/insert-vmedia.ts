import { Conflict, InvalidParameterValue, type JsonObject as ResultObject } from '@ferrule/driver-kit';
import {
  RedfishArgumentError,
  RedfishConflictError,
  RedfishError,
  RedfishNotDoneError,
  RedfishUnsupportedError,
  VirtualMedia,
} from '@ferrule/redfish';
import { type BmcCall } from '../bmc/bmc-call.js';
import { redfishError } from '../bmc/errors.js';
import { BOOT_DEVICES, isBootDevice } from './eject-vmedia.args.js';
import { type InsertVmediaArgs } from './insert-vmedia.args.js';
import { mediumView } from './medium-view.js';

/** @throws BmcError with the answer of the BMC; Conflict if the slots are in use */
export async function insertVmedia(
  { bmc, options, patience, nodeUuid }: BmcCall,
  wanted: InsertVmediaArgs,
): Promise<ResultObject> {
  const { image, slot, boot_device: device, write_protected, username, password } = wanted;
  const mediaTypes = isBootDevice(device) ? BOOT_DEVICES[device] : undefined;
  const medium = { image, slot, mediaTypes, writeProtected: write_protected, username, password };
  try {
    return mediumView(await new VirtualMedia(bmc).insert(medium, { ...options, patience }));
  } catch (error) {
    throw inOwnWords(error, wanted, nodeUuid);
  }
}

function inOwnWords(
  error: unknown,
  { slot, boot_device: device }: InsertVmediaArgs,
  nodeUuid: string,
): unknown {
  const failed = `Failed to insert virtual media on node ${nodeUuid}`;
  if (error instanceof RedfishArgumentError) {
    const has = error.allowed.join('; ');
    return new InvalidParameterValue(
      `Node ${nodeUuid} has no ${slot === undefined ? `slot for ${device}` : `slot ${slot}`}: ` +
        (has === '' ? 'its BMC has no virtual media.' : `its slots are ${has}.`),
      { cause: error },
    );
  }
  if (error instanceof RedfishNotDoneError) {
    return redfishError(`${failed}: ${error.message}`, { cause: error });
  }
  // Without a status it is no answer of the BMC, but what the slots are like.
  const isAboutSlots = error instanceof RedfishError && error.status === undefined;
  if (error instanceof RedfishConflictError && isAboutSlots) {
    return new Conflict(`Node ${nodeUuid}: ${error.message} Eject it first.`, { cause: error });
  }
  if (error instanceof RedfishUnsupportedError && isAboutSlots) {
    const why = error.cause instanceof Error ? ` ${error.cause.message}` : '';
    return redfishError(`${failed}: no slot can be inserted.${why}`, { cause: error });
  }
  return error;
}
