import { type PatchOperation, readPatch } from '../../resources/json-patch.js';
import { NODE_FIELDS, type NodeFieldName } from '../fields/node-fields.js';

export type NodeOperation = PatchOperation<NodeFieldName>;

export interface NodePatch {
  readonly operations: readonly NodeOperation[];
  /** Interfaces that the patch does not name get the new driver's defaults. */
  readonly resetInterfaces: boolean;
  readonly microversion: number;
}

/** @throws BadRequest (400), NotAcceptable (406) */
export function readNodePatch(body: unknown, microversion: number): NodeOperation[] {
  return readPatch(NODE_FIELDS, body, microversion);
}
