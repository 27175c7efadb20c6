import { actionTarget, isJsonObject, textAt, textsOf, valueAt, type JsonObject } from '../../json.js';
import type { Behaviour } from '../../quirks/quirks.js';
import type { RedfishResource } from '../../types.js';
import { bare, lastSegment } from '../../wire/links.js';

const EJECT = '#VirtualMedia.EjectMedia';
const INSERT = '#VirtualMedia.InsertMedia';
/** Names of slots without MediaTypes (AMI), and the type they mean. */
const BY_NAME: readonly (readonly [pattern: RegExp, type: string])[] = [
  [/cd|dvd|optical/i, 'CD'],
  [/floppy|fd\d/i, 'Floppy'],
  [/usb|removable|disk|hd\d/i, 'USBStick'],
];

/** A slot for virtual media, as it was read. */
export class Medium {
  readonly body: JsonObject;

  constructor(
    /** As the BMC links it. */
    readonly path: string,
    readonly resource: RedfishResource,
    readonly behaviour: Pick<Behaviour, 'ejectedWhen' | 'insertableSlots'>,
  ) {
    this.body = resource.body;
  }

  /** Its Id. */
  get slot(): string {
    return textAt(this.body, 'Id') ?? lastSegment(this.path);
  }

  /** `CD`, `DVD`, `Floppy`, `USBStick` as published, else guessed from its names; empty if unknown. */
  get mediaTypes(): readonly string[] {
    const published = this.body['MediaTypes'];
    if (Array.isArray(published)) return textsOf(published);
    const name = `${this.slot} ${textAt(this.body, 'Name') ?? ''}`;
    return BY_NAME.flatMap(([pattern, type]) => (pattern.test(name) ? [type] : []));
  }

  get isInserted(): boolean {
    const { Inserted, ConnectedVia } = this.body;
    const isConnected = ConnectedVia !== 'NotConnected';
    // Some BMCs say that an empty slot is inserted.
    const isEmpty = this.image === null && !isConnected;
    if (typeof Inserted === 'boolean') {
      const isConnectionTelling = this.behaviour.ejectedWhen === 'not-connected';
      return Inserted && !isEmpty && (isConnected || !isConnectionTelling);
    }
    return this.image !== null && isConnected;
  }

  /** The inserted image, without the userinfo and the query, which may give access to it. */
  get image(): string | null {
    const image = this.#image;
    if (image === '' || image === 'None') return null;
    return image.replace(/\/\/[^/?#@\s]*@/, '//').replace(/[?#].*$/, '');
  }

  get isWriteProtected(): boolean | undefined {
    const isProtected = this.body['WriteProtected'];
    return typeof isProtected === 'boolean' ? isProtected : undefined;
  }

  /** Whether it has one of these media types, or none that is known. */
  takes(types: readonly string[]): boolean {
    const own = this.mediaTypes.map((type) => type.toLowerCase());
    return own.length === 0 || types.some((type) => own.includes(type.toLowerCase()));
  }

  /** Whether the BMC shows that it is this image, and not only one whose file has the same name. */
  holds(image: string): boolean {
    if (!this.isInserted || !URL.canParse(image)) return false;
    const own = this.#image;
    const { href, host, pathname } = new URL(image);
    if (own.includes('://')) return URL.canParse(own) && new URL(own).href === href;
    // Shares are also shown as \\server\path, //server/path or server:/path.
    const share = own.replaceAll('\\', '/').replace(/^\/+/, '').replace(':/', '/');
    return share === host + pathname;
  }

  /** Whether an image can be inserted; undefined where the BMC offers no action, and only a PATCH would show it. */
  get isInsertable(): boolean | undefined {
    const { insertableSlots } = this.behaviour;
    if (insertableSlots !== undefined) return insertableSlots.test(this.slot);
    if (this.insertTarget !== undefined) return true;
    return this.offersPatch ? undefined : false;
  }

  get insertTarget(): string | undefined {
    return actionTarget(this.body, INSERT);
  }

  get ejectTarget(): string | undefined {
    const target = actionTarget(this.body, EJECT);
    const isOffered = isJsonObject(valueAt(this.body, 'Actions', EJECT));
    // Some BMCs offer the action without a target (kubevirtbmc#172); this is the standard's path.
    if (target === undefined && isOffered) {
      return `${bare(this.path)}/Actions/VirtualMedia.EjectMedia`;
    }
    return target;
  }

  /** Whether PATCH may work: a BMC that sends no Allow does not say. */
  get offersPatch(): boolean {
    const { allow } = this.resource;
    return allow.length === 0 || allow.includes('PATCH');
  }

  get #image(): string {
    return textAt(this.body, 'Image') ?? textAt(this.body, 'ImageName') ?? '';
  }
}
