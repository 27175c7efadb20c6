import { InvalidParameterValue, UnsupportedDriverExtension } from '@ferrule/driver-kit';
import {
  type FirmwareFile,
  type ImageAccount,
  type Networks,
  type RedfishDownload,
  RedfishError,
  RedfishForeignLinkError,
  RedfishPool,
  type RedfishPoolOptions,
} from '@ferrule/redfish';

/** An image at a server. Nothing of it is stored: it is fetched as it is read. */
export interface ImageSource {
  /** @throws InvalidParameterValue for one that cannot be read; the file throws it where it breaks off */
  open(): Promise<FirmwareFile>;
  close(): void;
}

/**
 * The part of a BMC's time limit that an image server has for each piece: it must end first, or the BMC would be blamed
 * for the upload that stopped.
 */
const SHARE_OF_BMC_TIMEOUT = 0.5;

/** Options of the BMCs' pool that hold for images, too. */
type ImageOptions = RedfishPoolOptions & { readonly timeouts: { readonly firstByte: number } };

/** Fetches images of firmware from the networks that the operator allows. */
export class ImageServers {
  readonly #pool: RedfishPool;

  /** @param networks without any, nothing is fetched */
  constructor(
    readonly networks: Networks | undefined,
    options: ImageOptions,
  ) {
    // The client checks each address it connects to, limits every wait and follows no redirect to another server.
    const { firstByte } = options.timeouts;
    const timeouts = { ...options.timeouts, firstByte: firstByte * SHARE_OF_BMC_TIMEOUT };
    this.#pool = new RedfishPool({ ...options, timeouts, networks, userAgent: 'ferrule' });
  }

  /**
   * @param image an http or https URL without user name and password
   * @throws UnsupportedDriverExtension if the operator allows no network
   */
  source(image: string, account: ImageAccount, signal: AbortSignal | undefined): ImageSource {
    if (this.networks === undefined) {
      throw new UnsupportedDriverExtension(
        'This service uploads no images: FERRULE_REDFISH_IMAGE_NETWORKS names no network to fetch them from.',
      );
    }
    const { origin, pathname, search } = new URL(image);
    let download: RedfishDownload | undefined;
    return {
      open: async () => {
        const server = this.#pool.client(origin, accessOf(account));
        const found = await server
          .download(origin + pathname + search, { signal })
          .catch((error: unknown) => {
            throw unreadable(error);
          });
        download = found;
        // For example 206, a part of the image.
        if (found.status !== 200) throw unfit(`its server answers with status ${found.status}`);
        if (found.size === 0) throw unfit('it is empty');
        const type = found.headers['content-type'] ?? '';
        if (WEB_PAGE.test(type)) throw unfit(`its server answers with ${type}`);
        const filename = pathname.split('/').at(-1) || undefined;
        return { file: pieces(found), size: found.size, filename };
      },
      close: () => download?.body.destroy(),
    };
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }
}

/** What a server may answer with 200 in place of an image that it lacks, or before a login. */
const WEB_PAGE = /^\s*(?:text\/html|application\/xhtml\+xml)\b/i;

function unfit(why: string): InvalidParameterValue {
  return new InvalidParameterValue(`The image cannot be an image of firmware: ${why}.`);
}

function accessOf({ username, password }: ImageAccount): {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly auth: 'basic';
} {
  return { username, password: username === undefined ? undefined : password, auth: 'basic' };
}

async function* pieces({ body }: RedfishDownload): AsyncGenerator<Uint8Array, void, undefined> {
  let isEmpty = true;
  try {
    for await (const piece of body) {
      if (!(piece instanceof Uint8Array)) continue;
      isEmpty = false;
      yield piece;
    }
  } catch (error) {
    throw unreadable(error);
  }
  if (isEmpty) throw unfit('it is empty');
}

/** The query of a URL may be a signature, which is a secret. */
function unreadable(error: unknown): unknown {
  if (!(error instanceof RedfishError)) return error;
  const said = error.message.replace(/(\bhttps?:\/\/[^\s?#]*)[?#]\S*/gi, '$1');
  const text =
    error instanceof RedfishForeignLinkError
      ? 'its server redirects to another one, whose URL is needed.'
      : said;
  return new InvalidParameterValue(`The image cannot be fetched: ${text}`);
}
