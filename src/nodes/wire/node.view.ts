import { type Link, linkPair } from '../../http/links.js';
import { isSealedField, type SecretsAtRest } from '../../secrets/at-rest/secrets-at-rest.js';
import { maskField } from '../../secrets/masking.js';
import { type Caller } from '../../auth/caller.js';
import { nodeField, type NodeFieldName } from '../fields/node-fields.js';
import { type NodeRow } from '../node.js';
import { shownState } from '../fields/provision-states.js';
import { TimeSlice } from '../../resources/list/time-slice.js';

export interface NodeViewContext {
  readonly base: string;
  readonly microversion: number;
  readonly secrets: SecretsAtRest;
  /** Who looks at it. */
  readonly caller: Caller;
  /** The fields whose values the caller may not see. */
  readonly hiddenOf: (node: NodeRow) => ReadonlySet<NodeFieldName>;
  readonly conductorOf: (node: NodeRow) => string | null;
}

/** Shown in lists without `fields` and `detail`. */
export const SUMMARY_FIELDS: readonly NodeFieldName[] = [
  'uuid',
  'name',
  'instance_uuid',
  'maintenance',
  'power_state',
  'provision_state',
  'links',
];

/** Secrets are masked; the links are always included. */
export async function nodeView(
  node: NodeRow,
  fields: readonly NodeFieldName[],
  context: NodeViewContext,
  slice?: TimeSlice,
): Promise<Record<string, unknown>> {
  const view = await fieldViews(node, fields, context, slice);
  view['links'] = nodeLinks(context.base, node.uuid);
  return view;
}

export async function fieldViews(
  node: NodeRow,
  fields: readonly NodeFieldName[],
  context: NodeViewContext,
  slice = new TimeSlice(),
): Promise<Record<string, unknown>> {
  const view: Record<string, unknown> = {};
  const hidden = context.hiddenOf(node);
  for (const field of fields) {
    // Masking a field of 1 MB takes long.
    if (isSealedField(field) && slice.isOver) await slice.next();
    view[field] = hidden.has(field) ? hiddenView(field, node) : fieldView(node, field, context);
  }
  return view;
}

/** Links use the UUID even if the request used the name. */
function nodeLinks(base: string, uuid: string, below = ''): Link[] {
  return linkPair(base, `nodes/${uuid}${below}`);
}

/**
 * Says what is missing, in the type of the field. An empty field is shown: clients wait for `reservation` to become
 * null.
 */
function hiddenView(field: NodeFieldName, node: NodeRow): unknown {
  const value = field in node ? node[field as keyof NodeRow] : null;
  const notice = `** Hidden: it needs the permission baremetal:node:get:${field}. **`;
  if (nodeField(field).type === 'object' || field === 'driver_internal_info') return { content: notice };
  return (value ?? null) === null ? null : notice;
}

function fieldView(node: NodeRow, field: NodeFieldName, context: NodeViewContext): unknown {
  switch (field) {
    case 'links':
      return undefined;
    case 'states':
      return nodeLinks(context.base, node.uuid, '/states');
    case 'ports':
    case 'portgroups':
      return nodeLinks(context.base, node.uuid, `/${field}`);
    case 'volume':
      // Not served, so there is nothing to link to; clients expect the key.
      return [];
    case 'conductor':
      return context.conductorOf(node);
    case 'provision_state':
      return shownState(node.provision_state ?? '', context.microversion);
    case 'driver_info':
    case 'driver_internal_info':
    case 'instance_info':
      return maskField(field, context.secrets.shownField(node.uuid, field, node[field] ?? {}));
    default:
      return node[field] ?? null;
  }
}
