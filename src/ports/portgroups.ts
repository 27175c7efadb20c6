import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { type Caller } from '../auth/caller.js';
import {
  AlreadyExists,
  MacAlreadyExists,
  NodeMissing,
  PortgroupNotEmpty,
  PortgroupNotFound,
  StandalonePortsRefused,
} from './errors.js';
import { type NodePart, type PartDraft } from './node-part.js';
import { NodeParts } from './node-parts.js';
import { assertPartName } from './part-name.js';
import { PORTGROUP_FIELDS, type PortgroupField } from './port-fields.js';
import { type PartReference, partCondition } from './part-reference.js';
import { PartServices } from './part-services.js';

@Injectable()
export class Portgroups extends NodeParts<PortgroupField> {
  constructor(services: PartServices) {
    super(
      services,
      portgroupPart((draft) => check(draft, services)),
    );
  }

  /** The UUID of one that the caller may see. @throws PortgroupNotFound (404) */
  async uuidOf(reference: PartReference, caller: Caller): Promise<string> {
    return (await this.get(partCondition('portgroups', reference), reference.text, caller)).uuid;
  }

  async refusesStandalonePorts(uuid: string): Promise<boolean> {
    const row = await this.rows.find(sql`portgroups.uuid = ${uuid}`);
    return row?.standalone_ports_supported === false;
  }
}

function portgroupPart(check: NodePart<PortgroupField>['check']): NodePart<PortgroupField> {
  return {
    what: 'A port group',
    collection: 'portgroups',
    fields: PORTGROUP_FIELDS,
    below: ['ports'],
    columns: [
      'uuid',
      'name',
      'address',
      'node_uuid',
      'standalone_ports_supported',
      'mode',
      'properties',
      'physical_network',
      'category',
      'extra',
      'internal_info',
      'created_at',
      'updated_at',
    ],
    large: ['extra', 'properties', 'internal_info'],
    actions: {
      get: 'baremetal:portgroup:get',
      list: 'baremetal:portgroup:list',
      list_all: 'baremetal:portgroup:list_all',
      create: 'baremetal:portgroup:create',
      update: 'baremetal:portgroup:update',
      delete: 'baremetal:portgroup:delete',
    },
    notFound: (text) => new PortgroupNotFound(text),
    check,
    refusal: (constraint, value) => {
      switch (constraint) {
        case 'portgroups_uuid_key':
          return new AlreadyExists(`A portgroup with UUID ${value('uuid')} already exists.`);
        case 'portgroups_name_key':
          return new AlreadyExists(`A portgroup with name ${value('name')} already exists.`);
        case 'portgroups_address_key':
          return new MacAlreadyExists(`A portgroup with MAC address ${value('address')} already exists.`);
        case 'portgroups_node_uuid_fkey':
          return new NodeMissing(value('node_uuid'));
        case 'ports_portgroup_fkey':
          return new PortgroupNotEmpty(value('uuid'));
        default:
          return undefined;
      }
    },
  };
}

async function check(
  draft: PartDraft<PortgroupField>,
  { database }: Pick<PartServices, 'database'>,
): Promise<void> {
  if (draft.isChanged('name')) assertPartName('port group', draft.get('name'));
  if (!draft.before || !draft.isChanged('standalone_ports_supported')) return;
  if (draft.get('standalone_ports_supported') !== false) return;
  const { rows } = await sql`
    select from ports where portgroup_uuid = ${draft.uuid} and pxe_enabled limit 1`.execute(database.kysely);
  if (rows.length > 0) throw new StandalonePortsRefused(draft.uuid);
}
