import { RedfishArgumentError, RedfishConflictError, RedfishUnsupportedError } from '../../errors.js';
import type { CallOptions } from '../../types.js';
import { samePath } from '../../wire/links.js';
import type { RedfishClient } from '../client.js';
import type { Unread } from '../kept.js';
import type { SettleOptions } from '../settle.js';
import { eject, type Ejection } from './ejection.js';
import { insertInto, isNotInsertable, type WantedImage } from './insertion.js';
import { listMedia, type MediaList } from './media-list.js';
import type { Medium } from './medium.js';

/** An image, and the slot for it: the one of this Id or path, else the first empty one of these media types. */
export interface WantedMedium extends WantedImage {
  readonly slot?: string | undefined;
  /** Default: `CD` and `DVD`. */
  readonly mediaTypes?: readonly string[] | undefined;
}

/** What became of the slots. */
export interface Ejections {
  readonly ejections: readonly Ejection[];
  /** Slots that could not be read, so that nothing was sent to them. */
  readonly unread: readonly Unread[];
}

/**
 * The virtual media of the system and of its managers. Every method rejects with a RedfishError.
 *
 * ```ts
 * const media = new VirtualMedia(bmc);
 * const { slot } = await media.insert({ image: 'https://images.example/boot.iso' });
 * await media.eject();
 * ```
 */
export class VirtualMedia {
  constructor(readonly bmc: RedfishClient) {}

  /**
   * The slots of the system and of every manager, each once. What cannot be read does not hide the others; it is the
   * error if there are no others.
   */
  async list(options: CallOptions = {}): Promise<MediaList> {
    return listMedia(this.bmc, options);
  }

  /**
   * Inserts an image into the first empty slot for it, by action or PATCH, adding the properties that the BMC reports as
   * missing. Success is what a later read shows. An image that is there already is a success without a request.
   *
   * @throws RedfishArgumentError with the slots as `allowed` if none is meant
   * @throws RedfishConflictError without `status` if all of them are in use
   * @throws RedfishUnsupportedError without `status` if no slot takes an image; its `cause` is the first refusal
   * @throws RedfishNotDoneError if the BMC reports success and shows no medium
   */
  async insert(wanted: WantedMedium, options: SettleOptions = {}): Promise<Medium> {
    const { media } = await this.list(options);
    const chosen = candidates(media, wanted);
    const present = chosen.find((medium) => medium.holds(wanted.image));
    if (present !== undefined) return present;
    const empty = chosen.filter((medium) => !medium.isInserted);
    if (empty.length === 0) {
      const held = chosen.map(({ slot, image }) => `${slot} holds ${image ?? 'a medium'}`).join(', ');
      throw new RedfishConflictError(`No slot is empty: ${held}.`);
    }
    let refusal: Error | undefined;
    for (const medium of empty) {
      options.onProgress?.({ message: `Inserting into ${medium.slot}` });
      try {
        return await insertInto(this.bmc, medium, wanted, options);
      } catch (error) {
        // Lenovo lists slots of its own remote control, too, whose Image cannot be written.
        if (!isNotInsertable(error)) throw error;
        refusal ??= error;
      }
    }
    const why = refusal?.message ?? '';
    throw new RedfishUnsupportedError(`No slot takes an image. ${why}`, { cause: refusal });
  }

  /**
   * Ejects all media, or those in slots of these media types. A slot whose medium is still inserted has a `failure`.
   *
   * @throws RedfishArgumentError with the media types as `allowed` if no slot has one of these
   */
  async eject(
    options: SettleOptions & { readonly mediaTypes?: readonly string[] | undefined } = {},
  ): Promise<Ejections> {
    const { mediaTypes } = options;
    const { media, unread } = await this.list(options);
    const chosen = mediaTypes === undefined ? media : media.filter((medium) => medium.takes(mediaTypes));
    if (mediaTypes !== undefined && chosen.length === 0) {
      const types = [...new Set(media.flatMap((medium) => medium.mediaTypes))];
      const text = `There is no slot for ${mediaTypes.join(' or ')}.`;
      throw new RedfishArgumentError('mediaTypes', text, types);
    }
    const ejections: Ejection[] = [];
    for (const medium of chosen) {
      const percent = (100 * ejections.length) / chosen.length;
      if (medium.isInserted) options.onProgress?.({ percent, message: `Ejecting ${medium.slot}` });
      ejections.push(await eject(this.bmc, medium, options));
    }
    return { ejections, unread: mediaTypes === undefined ? unread : [] };
  }
}

function candidates(
  media: readonly Medium[],
  { slot, mediaTypes = ['CD', 'DVD'] }: WantedMedium,
): readonly Medium[] {
  const isMeant = (medium: Medium): boolean =>
    slot === undefined ? medium.takes(mediaTypes) : medium.slot === slot || samePath(medium.path, slot);
  const chosen = media.filter(isMeant);
  if (chosen.length > 0) return chosen;
  const text =
    slot === undefined ? `There is no slot for ${mediaTypes.join(' or ')}.` : `There is no slot ${slot}.`;
  const slots = media.map((medium) => `${medium.slot} (${medium.mediaTypes.join(', ')})`);
  throw new RedfishArgumentError(slot === undefined ? 'mediaTypes' : 'slot', text, slots);
}
