import { type JsonObject } from '@ferrule/driver-kit';
import { actionTarget, valueAt } from '@ferrule/redfish';
import { type BmcCall } from '../bmc/bmc-call.js';
import { findMedia, type Medium, offersPatch } from './virtual-media.js';

export async function getVmedia(call: BmcCall): Promise<JsonObject> {
  const { media, unread } = await findMedia(call);
  return {
    slots: media.map(mediumView),
    ...(unread.length > 0
      ? { unread: unread.map(({ path, error }) => ({ path, error: error.message })) }
      : {}),
  };
}

/** The image is shown without user name, password and query, which may give access to it. */
export function mediumView(medium: Medium): JsonObject {
  const isProtected = valueAt(medium.body, 'WriteProtected');
  return {
    slot: medium.slot,
    path: medium.path,
    media_types: [...medium.mediaTypes],
    inserted: medium.isInserted,
    image: medium.isInserted ? medium.image : null,
    write_protected: typeof isProtected === 'boolean' ? isProtected : null,
    insertable: actionTarget(medium.body, '#VirtualMedia.InsertMedia') !== undefined || offersPatch(medium),
  };
}
