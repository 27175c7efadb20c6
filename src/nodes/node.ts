import { type Selectable } from 'kysely';
import { type NodesTable } from '../database/tables.js';

export type Node = Selectable<NodesTable>;

export type NodeRow = Partial<Node> & { readonly uuid: string; readonly reservation?: string | null };
