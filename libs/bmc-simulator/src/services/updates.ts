import { type Answer, type BmcRequest, json } from '../messages/answer.js';
import { Refusal } from '../messages/errors.js';
import { type Switches } from '../misbehaviours/switches.js';
import { type ActionCall, checkParameters, type Feature, missingParameter } from '../protocol/feature.js';
import { type Tasks } from '../protocol/tasks.js';
import { isJsonObject, type JsonObject, linkOf, parseJson, stringOf, textOf } from '../tree/json.js';
import { ROOT } from '../tree/layout.js';
import { normalisePath } from '../tree/paths.js';
import { type ResourceTree } from '../tree/tree.js';

const NEW_VERSION = '2.0.0';
const SERVICE = `${ROOT}/UpdateService`;
const PARAMETERS = [
  'ImageURI',
  'TransferProtocol',
  'Targets',
  'Username',
  'Password',
  '@Redfish.OperationApplyTime',
];
/** The parts of an upload, and their content types. */
const PARTS = { UpdateParameters: 'application/json', UpdateFile: 'application/octet-stream' } as const;
const UPLOAD_PARAMETERS = ['Targets', 'ForceUpdate', '@Redfish.OperationApplyTime', 'Oem'];

/** Firmware updates. */
export function updates(tree: ResourceTree, tasks: Tasks, switches: Switches): Feature {
  const install = ({ Targets }: JsonObject): Answer => {
    const inventory = linkOf(tree.get(SERVICE)?.['FirmwareInventory']) ?? '';
    const named = Array.isArray(Targets) ? Targets.map(textOf) : [`${inventory}/BMC`];
    const unknown = named.find((target) => !tree.has(target));
    if (unknown !== undefined) {
      throw Refusal.badValue('Targets', unknown);
    }
    const effect = (): Answer => {
      named.forEach((target) => tree.patch(target, { Version: NEW_VERSION }));
      return json(200, {});
    };
    const accepted = tasks.begin('Firmware Update', effect, switches.get('updateTask') ?? {});
    if (switches.get('updateAnswers500')) {
      throw new Refusal(500, { id: 'InternalError', text: 'The request failed.' });
    }
    return accepted;
  };
  const update = (call: ActionCall): Answer => {
    checkParameters(call, PARAMETERS);
    const { name, parameters } = call;
    const image = parameters['ImageURI'];
    if (image === undefined) {
      throw missingParameter(name, 'ImageURI');
    }
    if (typeof image !== 'string' || !URL.canParse(image)) {
      throw Refusal.badValue('ImageURI', textOf(image), 'ActionParameterValueFormatError', 'SimpleUpdate');
    }
    if (switches.get('updateNeedsProtocol') && parameters['TransferProtocol'] === undefined) {
      throw missingParameter(name, 'TransferProtocol');
    }
    return install(parameters);
  };
  const push = (path: string, request: BmcRequest): Answer | undefined => {
    const uri = stringOf(tree.get(SERVICE)?.['MultipartHttpPushUri']) ?? '';
    const isMeant = uri !== '' && normalisePath(uri) === path;
    return isMeant ? install(uploadParameters(request)) : undefined;
  };
  return { actions: { 'UpdateService.SimpleUpdate': update }, push };
}

/** The content of `UpdateParameters`, once both parts of the standard are there. */
function uploadParameters({ parts, headers }: BmcRequest): JsonObject {
  if (!/^multipart\/form-data/i.test(headers['content-type'] ?? '')) {
    throw Refusal.mediaType('multipart/form-data');
  }
  if (!parts) {
    const text = 'The body is no valid multipart/form-data.';
    throw new Refusal(400, { id: 'UnrecognizedRequestBody', text });
  }
  for (const [name, type] of Object.entries(PARTS)) {
    const part = parts.find((each) => each.name === name);
    if (!part) {
      throw Refusal.missingProperty(name);
    }
    if (part.contentType !== type) {
      throw Refusal.mediaType(`${type} in the part ${name}`);
    }
  }
  const told = parts.find(({ name }) => name === 'UpdateParameters')?.bytes.toString('utf8') ?? '';
  const parameters = parseJson(told);
  if (!isJsonObject(parameters)) {
    throw Refusal.malformed();
  }
  const surplus = Object.keys(parameters).find((name) => !UPLOAD_PARAMETERS.includes(name));
  if (surplus !== undefined) {
    throw Refusal.unknownProperty(surplus);
  }
  return parameters;
}
