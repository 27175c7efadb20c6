import {
  InvalidParameterValue,
  type JsonObject as ResultObject,
  UnsupportedDriverExtension,
} from '@ferrule/driver-kit';
import {
  actionTarget,
  type JsonObject,
  linkOf,
  RedfishValidationError,
  textAt,
  type RedfishResource,
  type RedfishReply,
} from '@ferrule/redfish';
import { type BmcCall } from '../bmc/bmc-call.js';
import { withKept } from '../bmc/kept.js';
import { pageOf } from '../bmc/members.js';
import { redacted } from '../bmc/redact.js';
import { type UpdateFirmwareArgs } from './firmware.args.js';

const UPDATE = '#UpdateService.SimpleUpdate';
const MOST = 1_000;

export async function firmwareInventory(call: BmcCall): Promise<ResultObject> {
  const find = async (): Promise<string[]> => {
    const inventory = linkOf((await updateService(call)).body['FirmwareInventory']);
    if (inventory !== undefined) return [inventory];
    throw new UnsupportedDriverExtension(`The BMC of node ${call.nodeUuid} has no firmware inventory.`);
  };
  return withKept(call, 'firmware', find, async ([path = '']) => {
    const { members } = await pageOf(call, path, 0, MOST);
    return { firmware: members.map(itemView) };
  });
}

/**
 * Lets the BMC fetch and install an image. The request is sent once; a BMC that asks for the protocol of the image as
 * well gets it. The BMC's task is followed to its end, or until it waits for a restart or a maintenance window.
 * @throws InvalidParameterValue with the BMC's words for what it refuses
 */
export async function updateFirmware(call: BmcCall, wanted: UpdateFirmwareArgs): Promise<ResultObject> {
  const service = await updateService(call);
  const target = actionTarget(service.body, UPDATE);
  if (target === undefined) {
    throw new UnsupportedDriverExtension(`The BMC of node ${call.nodeUuid} cannot update firmware by a URI.`);
  }
  call.options.onProgress?.({ message: 'Asking the BMC to fetch the image' });
  const reply = await send(call, target, wanted);
  const state = textAt(reply.body, 'TaskState') ?? textAt(reply.body, 'JobState');
  return redacted({
    image: wanted.image.replace(/[?#].*$/, ''),
    task: state === undefined ? (reply.location ?? null) : (linkOf(reply.body) ?? reply.location ?? null),
    state: state ?? (reply.status === 202 ? 'Accepted' : 'Completed'),
  });
}

async function send(call: BmcCall, target: string, wanted: UpdateFirmwareArgs): Promise<RedfishReply> {
  const { bmc, options, nodeUuid } = call;
  const body = bodyOf(wanted);
  try {
    return await bmc.post(target, body, options);
  } catch (error) {
    if (!(error instanceof RedfishValidationError)) throw error;
    // A refusal has no effect, so that this is not a second update.
    if (names(error, 'TransferProtocol')) {
      const protocol = new URL(wanted.image).protocol.replace(':', '').toUpperCase();
      return bmc.post(target, { ...body, TransferProtocol: protocol }, options);
    }
    throw new InvalidParameterValue(`The BMC of node ${nodeUuid} refuses the update: ${error.message}`, {
      cause: error,
    });
  }
}

function bodyOf({ image, targets, username, password, apply_time }: UpdateFirmwareArgs): JsonObject {
  return {
    ImageURI: image,
    ...(targets === undefined ? {} : { Targets: targets }),
    ...(username === undefined ? {} : { Username: username }),
    ...(password === undefined ? {} : { Password: password }),
    ...(apply_time === undefined ? {} : { '@Redfish.OperationApplyTime': apply_time }),
  };
}

async function updateService({ bmc, options, nodeUuid }: BmcCall): Promise<RedfishResource> {
  const link = linkOf((await bmc.root(options)).body['UpdateService']);
  if (link === undefined) {
    throw new UnsupportedDriverExtension(`The BMC of node ${nodeUuid} has no update service.`);
  }
  return bmc.get(link, options);
}

function names(error: RedfishValidationError, parameter: string): boolean {
  return new RegExp(`\\b${parameter}\\b`).test([error.reason, ...error.properties].join(' '));
}

function itemView(item: JsonObject): JsonObject {
  const { Updateable } = item;
  return {
    path: linkOf(item) ?? null,
    id: textAt(item, 'Id') ?? null,
    name: textAt(item, 'Name') ?? null,
    version: textAt(item, 'Version') ?? null,
    updateable: typeof Updateable === 'boolean' ? Updateable : null,
  };
}
