import { type Row } from '../row.js';
import { discovery } from './discovery.js';
import { driverPassthru } from './driver-passthru.js';
import { drivers } from './drivers.js';
import { errors } from './errors.js';
import { jobs } from './jobs.js';
import { names } from './names.js';
import { nodeActions } from './node-actions.js';
import { nodeCreate } from './node-create.js';
import { nodeFields } from './node-fields.js';
import { nodeList } from './node-list.js';
import { nodeMasking } from './node-masking.js';
import { nodePatch } from './node-patch.js';
import { nodePatchRules } from './node-patch-rules.js';
import { passthruCall } from './passthru-call.js';
import { passthruMethods } from './passthru-methods.js';
import { passthruOrder } from './passthru-order.js';
import { versions } from './versions.js';

export const TABLE: Readonly<Record<string, readonly Row[]>> = {
  discovery,
  versions,
  errors,
  drivers,
  'nodes: create': nodeCreate,
  'nodes: names': names,
  'nodes: list': nodeList,
  'nodes: fields': nodeFields,
  'nodes: masking': nodeMasking,
  'nodes: patch': nodePatch,
  'nodes: rules of patching': nodePatchRules,
  'nodes: delete, maintenance, validate, states': nodeActions,
  'passthru: methods': passthruMethods,
  'passthru: calls': passthruCall,
  'passthru: order of the checks': passthruOrder,
  'driver passthru': driverPassthru,
  jobs,
};
