import {
  actionTarget,
  isJsonObject,
  linkOf,
  linksOf,
  RedfishAccessError,
  type RedfishError,
  RedfishNotFoundError,
  RedfishResponseError,
  type RedfishResource,
  RedfishServiceError,
  RedfishUnsupportedError,
  RedfishValidationError,
  samePath,
  textAt,
  valueAt,
  type JsonObject,
} from '@ferrule/redfish';
import { type BmcCall } from '../bmc/bmc-call.js';
import { BOOT_DEVICES, type BootDevice } from './eject-vmedia.args.js';

const ABOUT_RESOURCE = [
  RedfishAccessError,
  RedfishNotFoundError,
  RedfishResponseError,
  RedfishServiceError,
  RedfishUnsupportedError,
  RedfishValidationError,
];
const EJECT = '#VirtualMedia.EjectMedia';
/** Names of slots without MediaTypes (AMI), and the type they mean. */
const BY_NAME: readonly (readonly [pattern: RegExp, type: string])[] = [
  [/cd|dvd|optical/i, 'CD'],
  [/floppy|fd\d/i, 'Floppy'],
  [/usb|removable|disk|hd\d/i, 'USBStick'],
];

export class Medium {
  readonly body: JsonObject;

  constructor(
    readonly path: string,
    readonly resource: RedfishResource,
    /** A quirk: only ConnectedVia shows whether something is inserted. */
    private readonly isConnectionTelling: boolean,
  ) {
    this.body = resource.body;
  }

  get slot(): string {
    return textAt(this.body, 'Id') ?? this.path.replace(/\/+$/, '').split('/').at(-1) ?? this.path;
  }

  get mediaTypes(): readonly string[] {
    const published = this.body['MediaTypes'];
    if (Array.isArray(published)) return published.filter((type) => typeof type === 'string');
    const name = `${this.slot} ${textAt(this.body, 'Name') ?? ''}`;
    return BY_NAME.flatMap(([pattern, type]) => (pattern.test(name) ? [type] : []));
  }

  get isInserted(): boolean {
    const { Inserted, ConnectedVia } = this.body;
    const isConnected = ConnectedVia !== 'NotConnected';
    // Some BMCs say that an empty slot is inserted.
    const isEmpty = this.image === null && !isConnected;
    if (typeof Inserted === 'boolean') {
      return Inserted && !isEmpty && (isConnected || !this.isConnectionTelling);
    }
    return this.image !== null && isConnected;
  }

  /** The inserted image, without the userinfo and the query, which may give access to it. */
  get image(): string | null {
    const image = textAt(this.body, 'Image') ?? textAt(this.body, 'ImageName') ?? '';
    if (image === '' || image === 'None') return null;
    return image.replace(/\/\/[^/?#@\s]*@/, '//').replace(/[?#].*$/, '');
  }

  takes(device: BootDevice): boolean {
    const own = this.mediaTypes.map((type) => type.toLowerCase());
    return own.length === 0 || BOOT_DEVICES[device].some((type) => own.includes(type.toLowerCase()));
  }

  get ejectTarget(): string | undefined {
    const target = actionTarget(this.body, EJECT);
    const isOffered = isJsonObject(valueAt(this.body, 'Actions', EJECT));
    // Some BMCs offer the action without a target (kubevirtbmc#172); this is the standard's path.
    if (target === undefined && isOffered) {
      return `${this.path.replace(/\/+$/, '')}/Actions/VirtualMedia.EjectMedia`;
    }
    return target;
  }
}

export interface UnreadMedium {
  readonly path: string;
  readonly error: RedfishError;
}

/**
 * A node's virtual media: those of the System and of every Manager, each once. What cannot be read does not hide the
 * others; it is the error if there are no others.
 */
export async function findMedia(
  call: BmcCall,
): Promise<{ readonly media: readonly Medium[]; readonly unread: readonly UnreadMedium[] }> {
  const { bmc, options } = call;
  const failures: RedfishError[] = [];
  const attempt = async <T>(read: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await read();
    } catch (error) {
      if (!isAboutResource(error)) throw error;
      // Some managers link a collection that does not exist.
      if (!(error instanceof RedfishNotFoundError)) failures.push(error);
      return undefined;
    }
  };
  const system = await bmc.system(options);
  const managers = (await attempt(async () => bmc.managers(system, options))) ?? [];
  const collections = once([system, ...managers].flatMap(({ body }) => linkOf(body['VirtualMedia']) ?? []));
  const members: string[] = [];
  for (const collection of collections) {
    const found = await attempt(async () => bmc.collection(collection, options));
    members.push(...linksOf(found?.body['Members']));
  }
  const media: Medium[] = [];
  const unread: UnreadMedium[] = [];
  for (const path of once(members)) {
    try {
      const medium = await readMedium(call, path);
      if (medium !== undefined) media.push(medium);
    } catch (error) {
      if (!isAboutResource(error)) throw error;
      unread.push({ path, error });
    }
  }
  const [failure] = [...failures, ...unread.map(({ error }) => error)];
  if (media.length === 0 && failure !== undefined) throw failure;
  return { media, unread };
}

function isAboutResource(error: unknown): error is RedfishError {
  return ABOUT_RESOURCE.some((each) => error instanceof each);
}

/** A medium as it is now; undefined for a slot that cannot be read and never could, as on Cisco. */
export async function readMedium({ bmc, options }: BmcCall, path: string): Promise<Medium | undefined> {
  const { ejectedWhen } = await bmc.behaviour(options);
  try {
    return new Medium(path, await bmc.get(path, options), ejectedWhen === 'not-connected');
  } catch (error) {
    const isDead =
      error instanceof RedfishNotFoundError ||
      error instanceof RedfishUnsupportedError ||
      error instanceof RedfishValidationError;
    if (isDead) return undefined;
    throw error;
  }
}

function once(paths: readonly string[]): string[] {
  return paths.filter((path, index) => paths.findIndex((other) => samePath(other, path)) === index);
}

/** Whether PATCH may work: a BMC that sends no Allow does not say. */
export function offersPatch({ resource: { allow } }: Medium): boolean {
  return allow.length === 0 || allow.includes('PATCH');
}
