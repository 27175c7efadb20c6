import { InvalidParameterValue, type JsonObject as ResultObject } from '@ferrule/driver-kit';
import {
  type Ejection,
  type Ejections,
  lastSegment,
  RedfishArgumentError,
  type Unread,
  VirtualMedia,
} from '@ferrule/redfish';
import { type BmcCall } from '../bmc/bmc-call.js';
import { redfishError } from '../bmc/errors.js';
import { BOOT_DEVICES, type BootDevice } from './eject-vmedia.args.js';

/**
 * Ejects virtual media, of one kind or all.
 * @throws BmcError naming every slot that still holds its medium
 */
export async function ejectVmedia(call: BmcCall, device: BootDevice | undefined): Promise<ResultObject> {
  const { ejections, unread } = await eject(call, device);
  const failed = ejections.filter(({ failure }) => failure !== undefined);
  if (failed.length > 0) throw notEjected(failed, ejections, call);
  return { slots: [...ejections.map(shown), ...unread.map(unreadableSlot)] };
}

async function eject(
  { bmc, options, patience, nodeUuid }: BmcCall,
  device: BootDevice | undefined,
): Promise<Ejections> {
  const mediaTypes = device === undefined ? undefined : BOOT_DEVICES[device];
  try {
    return await new VirtualMedia(bmc).eject({ ...options, patience, mediaTypes });
  } catch (error) {
    if (!(error instanceof RedfishArgumentError)) throw error;
    const types = error.allowed.join(', ');
    const has = types === '' ? 'its BMC has no virtual media' : `its virtual media are ${types}`;
    throw new InvalidParameterValue(
      `Boot device ${device} is not a valid value for node ${nodeUuid}: ${has}.`,
      { cause: error },
    );
  }
}

function notEjected(failed: readonly Ejection[], all: readonly Ejection[], { nodeUuid }: BmcCall): Error {
  const reasons = failed.map(
    ({ medium, failure }) => `${medium.slot} (${medium.path}): ${failure?.message.replace(/\.$/, '')}`,
  );
  const out = all.filter(({ wasInserted, failure }) => wasInserted && failure === undefined);
  const rest = out.length > 0 ? ` Ejected: ${out.map(({ medium }) => medium.slot).join(', ')}.` : '';
  const cause = failed.find(({ failure }) => failure?.mayBeDone)?.failure;
  const text = `Failed to eject virtual media on node ${nodeUuid}: ${reasons.join('; ')}.${rest}`;
  return redfishError(text, { cause });
}

function unreadableSlot({ path, error }: Unread): ResultObject {
  return {
    slot: lastSegment(path),
    path,
    media_types: [],
    was_inserted: null,
    ejected: false,
    image: null,
    error: error.message,
  };
}

function shown({ medium, wasInserted }: Ejection): ResultObject {
  return {
    slot: medium.slot,
    path: medium.path,
    media_types: [...medium.mediaTypes],
    was_inserted: wasInserted,
    ejected: wasInserted,
    image: wasInserted ? medium.image : null,
  };
}
