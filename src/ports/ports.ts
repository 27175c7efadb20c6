import { isJsonObject } from '@ferrule/driver-kit';
import { Injectable } from '@nestjs/common';
import { InvalidState } from '../nodes/errors.js';
import {
  AlreadyExists,
  MacAlreadyExists,
  NodeMissing,
  PortgroupMissing,
  PortNotFound,
  StandalonePortsRefused,
} from './errors.js';
import { checkLinkConnection } from './link-connection.js';
import { type NodePart, type PartDraft } from './node-part.js';
import { NodeParts } from './node-parts.js';
import { assertPartName } from './part-name.js';
import { PORT_FIELDS, type PortField } from './port-fields.js';
import { Portgroups } from './portgroups.js';
import { PartServices } from './part-services.js';

/** How the port is connected; it changes only while nothing relies on it. */
const CONNECTIVITY: readonly PortField[] = [
  'local_link_connection',
  'portgroup_uuid',
  'pxe_enabled',
  'physical_network',
  'is_smartnic',
];
const REWIRABLE: ReadonlySet<string> = new Set(['enroll', 'inspecting', 'inspect wait', 'manageable']);

@Injectable()
export class Ports extends NodeParts<PortField> {
  constructor(services: PartServices, portgroups: Portgroups) {
    super(
      services,
      portPart((draft) => check(draft, portgroups)),
    );
  }
}

function portPart(check: NodePart<PortField>['check']): NodePart<PortField> {
  return {
    what: 'A port',
    collection: 'ports',
    fields: PORT_FIELDS,
    below: [],
    columns: [
      'uuid',
      'name',
      'address',
      'node_uuid',
      'portgroup_uuid',
      'pxe_enabled',
      'local_link_connection',
      'physical_network',
      'is_smartnic',
      'description',
      'vendor',
      'category',
      'extra',
      'internal_info',
      'created_at',
      'updated_at',
    ],
    large: ['extra', 'local_link_connection', 'internal_info'],
    actions: {
      get: 'baremetal:port:get',
      list: 'baremetal:port:list',
      list_all: 'baremetal:port:list_all',
      create: 'baremetal:port:create',
      update: 'baremetal:port:update',
      delete: 'baremetal:port:delete',
    },
    notFound: (text) => new PortNotFound(text),
    check,
    refusal: (constraint, value) => {
      switch (constraint) {
        case 'ports_uuid_key':
          return new AlreadyExists(`A port with UUID ${value('uuid')} already exists.`);
        case 'ports_name_key':
          return new AlreadyExists(`A port with name ${value('name')} already exists.`);
        case 'ports_address_key':
          return new MacAlreadyExists(`A port with MAC address ${value('address')} already exists.`);
        case 'ports_node_uuid_fkey':
          return new NodeMissing(value('node_uuid'));
        case 'ports_portgroup_fkey':
          return new PortgroupMissing(value('portgroup_uuid'));
        default:
          return undefined;
      }
    },
  };
}

async function check(draft: PartDraft<PortField>, portgroups: Portgroups): Promise<void> {
  if (draft.isChanged('name')) assertPartName('port', draft.get('name'));
  const link = draft.get('local_link_connection');
  if (draft.isChanged('local_link_connection') || draft.isChanged('is_smartnic')) {
    checkLinkConnection(
      isJsonObject(link) ? link : {},
      draft.get('is_smartnic') === true,
      draft.microversion,
    );
  }
  assertRewirable(draft);
  const group = draft.get('portgroup_uuid');
  if (typeof group !== 'string' || draft.get('pxe_enabled') !== true) return;
  if (!draft.isChanged('portgroup_uuid') && !draft.isChanged('pxe_enabled')) return;
  if (await portgroups.refusesStandalonePorts(group)) throw new StandalonePortsRefused(group);
}

function assertRewirable({ before, node, uuid, ...draft }: PartDraft<PortField>): void {
  if (!before || node.maintenance || REWIRABLE.has(node.provision_state)) return;
  const changed = CONNECTIVITY.filter((field) => draft.isChanged(field));
  if (changed.length === 0) return;
  throw new InvalidState(
    `${changed.join(', ')} of port ${uuid} can not be changed in state ${node.provision_state} of node ${node.uuid} ` +
      `unless it is in maintenance. Allowed states: ${[...REWIRABLE].join(', ')}.`,
  );
}
