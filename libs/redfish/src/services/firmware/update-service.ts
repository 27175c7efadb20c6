import { RedfishArgumentError, RedfishError } from '../../errors.js';
import { actionTarget, linkOf, textAt, type JsonObject } from '../../json.js';
import type { CallOptions, Progress, RedfishReply, RedfishResource, WriteOptions } from '../../types.js';
import { closeUnread } from '../../wire/multipart.js';
import type { RedfishClient } from '../client.js';
import { sendCorrected } from '../corrections.js';
import { orMissing, serviceOf } from '../linked.js';
import { withKept, type Found } from '../kept.js';
import { RedfishDisabledError, RedfishMissingError } from '../service-errors.js';
import { orItsTask } from './new-task.js';
import { sizeOf, reporting, type FirmwareFile } from './firmware-file.js';

const UPDATE = '#UpdateService.SimpleUpdate';

/** Firmware that is installed. What the BMC does not say is undefined. */
export interface FirmwareItem {
  readonly path: string | undefined;
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly version: string | undefined;
  /** Whether the UpdateService can update it. */
  readonly updateable: boolean | undefined;
}

/** What to update, and when. */
export interface UpdateWishes {
  /** Paths of the inventory. Default: the BMC chooses by the image. */
  readonly targets?: readonly string[] | undefined;
  /** `@Redfish.OperationApplyTime`, such as `Immediate` or `OnReset`. Default: that of the BMC. */
  readonly applyTime?: string | undefined;
}

/** The account at the server of an image. */
export interface ImageAccount {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

/** How an update ended, or that it is still to come. */
export interface FirmwareUpdate {
  /** Path of the task or job that the BMC made, also if it has ended; undefined if it made none. */
  readonly task: string | undefined;
  /** State of the task: `Completed`, or `Pending` and the like if it waits for a restart. */
  readonly state: string;
}

/** `follow: false` returns without waiting for the task. */
export type UpdateOptions = Pick<WriteOptions, 'signal' | 'onProgress' | 'timeout' | 'follow'>;

/**
 * The firmware of a BMC and its machine. The task of an update is followed to its end, or until it waits for a restart or a
 * maintenance window; an abort and the `task` timeout leave it as it is. If the answer to an update is lost, or is a
 * 500, 502 or 504, the one new task is followed. A 503 is a refusal. Every method rejects with a RedfishError: with a
 * RedfishMissingError where the BMC does not offer it, and with a RedfishTaskError, or the error that its task monitor
 * answers, if the update failed.
 *
 * ```ts
 * const updates = new UpdateService(bmc);
 * const file = createReadStream('bmc.bin');
 * const size = (await stat('bmc.bin')).size;
 * const { state } = await updates.upload({ file, size, filename: 'bmc.bin' }, {}, { onProgress: console.log });
 * ```
 */
export class UpdateService {
  constructor(readonly bmc: RedfishClient) {}

  /** The UpdateService itself. */
  async read(options: CallOptions = {}): Promise<RedfishResource> {
    return serviceOf(this.bmc, 'UpdateService', options);
  }

  /** The installed firmware: with one request once it is known where that is, where the BMC has `$expand`. */
  async inventory(options: CallOptions = {}): Promise<FirmwareItem[]> {
    const find = async (): Promise<Found> => {
      const { body, url } = await this.read(options);
      const inventory = linkOf(body['FirmwareInventory']);
      if (inventory === undefined) throw new RedfishMissingError('FirmwareInventory', new URL(url).pathname);
      return { lines: [inventory], unread: [] };
    };
    return orMissing('FirmwareInventory', 'UpdateService', async () =>
      withKept(this.bmc, 'firmware', find, async ({ lines: [path = ''] }) => {
        const items: FirmwareItem[] = [];
        for await (const item of this.bmc.each(path, options)) items.push(itemOf(item));
        return items;
      }),
    );
  }

  /**
   * Lets the BMC fetch an image and install it. Sent once; a BMC that asks for the protocol of the image gets it.
   *
   * @param image the URI from which the BMC reads it
   * @throws RedfishValidationError for what the BMC refuses
   */
  async simpleUpdate(
    image: string,
    wanted: UpdateWishes & ImageAccount = {},
    options: UpdateOptions = {},
  ): Promise<FirmwareUpdate> {
    const service = await this.read(options);
    const target = actionTarget(service.body, UPDATE);
    if (target === undefined) throw new RedfishMissingError(UPDATE, new URL(service.url).pathname);
    const { username, password } = wanted;
    const body = {
      ImageURI: image,
      ...(username === undefined ? {} : { Username: username }),
      ...(password === undefined ? {} : { Password: password }),
      ...parametersOf(wanted),
    };
    const noted = noting(options);
    const { result } = await this.#unlessDisabled(service.body, async () =>
      sendCorrected(
        body,
        1,
        async (sent) =>
          orItsTask(this.bmc, target, noted.options, async () => this.bmc.post(target, sent, noted.options)),
        (sent, error) =>
          error.mentions('TransferProtocol') && URL.canParse(image)
            ? { ...sent, TransferProtocol: new URL(image).protocol.replace(':', '').toUpperCase() }
            : undefined,
      ),
    );
    return updateOf(result, noted.task());
  }

  /**
   * Sends an image to the BMC in a multipart push, once, and lets it install that.
   *
   * @param file the image, or a function that opens it, called once the BMC is known to take images in this way. A
   * Readable is destroyed if the upload fails before anything of it is read
   * @throws RedfishArgumentError for an image that is larger than the BMC accepts
   * @throws RedfishValidationError for what the BMC refuses; what the source throws is thrown unchanged
   */
  async upload(
    file: FirmwareFile | (() => Promise<FirmwareFile>),
    wanted: UpdateWishes = {},
    options: UpdateOptions = {},
  ): Promise<FirmwareUpdate> {
    try {
      return await this.#upload(file, wanted, options);
    } finally {
      if (typeof file !== 'function') closeUnread(file.file);
    }
  }

  async #upload(
    file: FirmwareFile | (() => Promise<FirmwareFile>),
    wanted: UpdateWishes,
    options: UpdateOptions,
  ): Promise<FirmwareUpdate> {
    const { body, url } = await this.read(options);
    const uri = textAt(body, 'MultipartHttpPushUri') ?? '';
    if (uri === '') throw new RedfishMissingError('MultipartHttpPushUri', new URL(url).pathname);
    const source = typeof file === 'function' ? await file() : file;
    const size = sizeOf(source);
    const most = body['MaxImageSizeBytes'];
    if (size !== undefined && typeof most === 'number' && size > most) {
      const text = `The image has ${size} bytes, and the BMC accepts at most ${most}.`;
      throw new RedfishArgumentError('size', text);
    }
    const { onProgress } = options;
    const upload = {
      parameters: parametersOf(wanted),
      file: onProgress === undefined ? source.file : reporting(source, onProgress),
      size,
      filename: source.filename,
    };
    const noted = noting(options);
    const send = async (): Promise<RedfishReply> => this.bmc.upload(uri, upload, noted.options);
    const reply = await this.#unlessDisabled(body, async () => orItsTask(this.bmc, uri, noted.options, send));
    return updateOf(reply, noted.task());
  }

  async #unlessDisabled<T>(service: JsonObject, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const isRefusal = error instanceof RedfishError && error.status !== undefined;
      if (!isRefusal || service['ServiceEnabled'] !== false) throw error;
      throw new RedfishDisabledError('UpdateService', error);
    }
  }
}

function parametersOf({ targets, applyTime }: UpdateWishes): JsonObject {
  return {
    ...(targets === undefined ? {} : { Targets: [...targets] }),
    ...(applyTime === undefined ? {} : { '@Redfish.OperationApplyTime': applyTime }),
  };
}

/** The last answer of a task's monitor may not name the task. */
function noting(options: UpdateOptions): {
  readonly options: UpdateOptions;
  readonly task: () => string | undefined;
} {
  let task: string | undefined;
  const onProgress = (progress: Progress): void => {
    task = progress.task ?? task;
    options.onProgress?.(progress);
  };
  return { options: { ...options, onProgress }, task: () => task };
}

function updateOf({ body, location, status }: RedfishReply, task: string | undefined): FirmwareUpdate {
  const state = textAt(body, 'TaskState') ?? textAt(body, 'JobState');
  return {
    task: task ?? (state === undefined ? location : (linkOf(body) ?? location)),
    state: state ?? (status === 202 ? 'Accepted' : 'Completed'),
  };
}

function itemOf(item: JsonObject): FirmwareItem {
  const { Updateable } = item;
  return {
    path: linkOf(item),
    id: textAt(item, 'Id'),
    name: textAt(item, 'Name'),
    version: textAt(item, 'Version'),
    updateable: typeof Updateable === 'boolean' ? Updateable : undefined,
  };
}
