import { type JsonObject as ResultObject } from '@ferrule/driver-kit';
import { type FirmwareUpdate, type JsonObject, UpdateService, type FirmwareItem } from '@ferrule/redfish';
import { type BmcCall } from '../bmc/bmc-call.js';
import { redacted } from '../bmc/redact.js';
import { orRefused } from '../bmc/refusal.js';
import { orUnsupported } from '../bmc/unsupported.js';
import { type UpdateFirmwareArgs } from './firmware.args.js';
import { type ImageServers } from '../bmc/image-servers.js';

const MISSING = {
  UpdateService: 'has no update service',
  FirmwareInventory: 'has no firmware inventory',
  '#UpdateService.SimpleUpdate': 'cannot update firmware by a URI',
  MultipartHttpPushUri: 'takes no uploads of firmware',
};

export async function firmwareInventory(call: BmcCall): Promise<ResultObject> {
  return orUnsupported(call, MISSING, async () => {
    const items = await new UpdateService(call.bmc).inventory(call.options);
    return { firmware: items.map(itemView) };
  });
}

/**
 * Updates firmware: the BMC fetches the image, or with `upload` the service does and sends it to the BMC as it comes.
 * @throws InvalidParameterValue with the BMC's words for what it refuses, and for an image that cannot be read
 */
export async function updateFirmware(
  call: BmcCall,
  wanted: UpdateFirmwareArgs,
  images: ImageServers,
): Promise<ResultObject> {
  const shown = wanted.image.replace(/[?#].*$/, '');
  return orUnsupported(call, MISSING, async () =>
    orRefused(call, 'the update', async () => {
      const { task = null, state } = await (wanted.upload
        ? upload(call, wanted, images)
        : fetched(call, wanted));
      return redacted({ image: shown, task, state });
    }),
  );
}

async function fetched({ bmc, options }: BmcCall, wanted: UpdateFirmwareArgs): Promise<FirmwareUpdate> {
  const { image, targets, username, password, apply_time: applyTime } = wanted;
  options.onProgress?.({ message: 'Asking the BMC to fetch the image' });
  return new UpdateService(bmc).simpleUpdate(image, { targets, username, password, applyTime }, options);
}

async function upload(
  { bmc, options }: BmcCall,
  wanted: UpdateFirmwareArgs,
  images: ImageServers,
): Promise<FirmwareUpdate> {
  const { image, targets, username, password, apply_time: applyTime } = wanted;
  const source = images.source(image, { username, password }, options.signal);
  try {
    return await new UpdateService(bmc).upload(async () => source.open(), { targets, applyTime }, options);
  } finally {
    source.close();
  }
}

function itemView({ path, id, name, version, updateable }: FirmwareItem): JsonObject {
  return {
    path: path ?? null,
    id: id ?? null,
    name: name ?? null,
    version: version ?? null,
    updateable: updateable ?? null,
  };
}
