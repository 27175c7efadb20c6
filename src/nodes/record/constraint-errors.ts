import { FOREIGN_KEY_VIOLATION, UNIQUE_VIOLATION } from '../../database/faults/error-code.js';
import { BadRequest } from '../../http/errors.js';
import { NoChassis, NodeAlreadyExists } from '../errors.js';
import { type NodeColumn } from '../fields/node-fields.js';

/** Only the database detects duplicates, and parents and chassis that are gone, without a race. */
export async function withConstraintErrors<T>(
  values: ReadonlyMap<NodeColumn, unknown>,
  write: () => Promise<T>,
): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw translate(error, values) ?? error;
  }
}

function translate(error: unknown, values: ReadonlyMap<NodeColumn, unknown>): Error | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('constraint' in error)) return undefined;
  const text = (column: NodeColumn): string => String(values.get(column));
  if (error.code === FOREIGN_KEY_VIOLATION) {
    if (error.constraint === 'nodes_chassis_uuid_fkey') return new NoChassis(text('chassis_uuid'));
    return new BadRequest(`Invalid parent_node: node ${text('parent_node')} could not be found.`);
  }
  if (error.code !== UNIQUE_VIOLATION) return undefined;
  switch (error.constraint) {
    case 'nodes_name_key':
      return new NodeAlreadyExists(`A node with name ${text('name')} already exists.`);
    case 'nodes_uuid_key':
      return new NodeAlreadyExists(`A node with UUID ${text('uuid')} already exists.`);
    case 'nodes_instance_uuid_key':
      return new NodeAlreadyExists(
        `Instance ${text('instance_uuid')} is already associated with another node.`,
      );
    default:
      return undefined;
  }
}
