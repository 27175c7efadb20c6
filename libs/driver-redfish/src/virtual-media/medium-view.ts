import { type JsonObject } from '@ferrule/driver-kit';
import { type Medium, VirtualMedia } from '@ferrule/redfish';
import { type BmcCall } from '../bmc/bmc-call.js';
import { unreadView } from '../bmc/unread-view.js';

export async function getVmedia({ bmc, options }: BmcCall): Promise<JsonObject> {
  const { media, unread } = await new VirtualMedia(bmc).list(options);
  return {
    slots: media.map(mediumView),
    ...unreadView(unread),
  };
}

/** The image is shown without user name, password and query, which may give access to it. */
export function mediumView(medium: Medium): JsonObject {
  return {
    slot: medium.slot,
    path: medium.path,
    media_types: [...medium.mediaTypes],
    inserted: medium.isInserted,
    image: medium.isInserted ? medium.image : null,
    write_protected: medium.isWriteProtected ?? null,
    insertable: medium.isInsertable ?? null,
  };
}
