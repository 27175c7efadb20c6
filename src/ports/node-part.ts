import { type NotFound } from '@ferrule/driver-kit';
import { type Action } from '../auth/policy/defaults/actions.js';
import { type ReservedNode } from '../nodes/record/node.repository.js';
import { type ResourceFields } from '../resources/resource-field.js';
import { type ResourceRow, type ResourceTable } from '../resources/resource-rows.js';

/** What every part of a node has. */
export type PartField = 'uuid' | 'node_uuid' | 'created_at' | 'updated_at' | 'links';

/** Values of a part that is created or changed, before they are written. */
export interface PartDraft<F extends string> {
  readonly uuid: string;
  /** Undefined for a part that is created. */
  readonly before: ResourceRow<F> | undefined;
  readonly node: ReservedNode;
  readonly microversion: number;
  isChanged(field: F): boolean;
  get(field: F): unknown;
}

/** A kind of resource that belongs to a node. */
export interface NodePart<F extends string> {
  /** For messages: `A port`. */
  readonly what: string;
  /** In URLs, and the name of its table: `ports`. */
  readonly collection: string;
  readonly fields: ResourceFields<F>;
  /** Fields that link to what is below it. */
  readonly below: readonly F[];
  readonly columns: ResourceTable<F>['columns'];
  readonly large: ResourceTable<F>['large'];
  readonly actions: Readonly<Record<'get' | 'list' | 'list_all' | 'create' | 'update' | 'delete', Action>>;
  readonly notFound: (text: string) => NotFound;
  /** @throws what is wrong with the values. */
  readonly check: (draft: PartDraft<F>) => Promise<void> | void;
  /** What an error of a constraint says to the client; undefined if it is none of the table. */
  readonly refusal: (constraint: string, value: (field: F) => string) => Error | undefined;
}
