import { type Caller } from '../../auth/caller.js';
import { nodeIdent } from '../../nodes/fields/node-name.js';
import { type PassthruNodes } from '../../nodes/record/passthru-nodes.js';

/** A UUID may belong to a deleted node, since jobs outlive nodes; a name must belong to an existing one. */
export async function nodeUuidOf(
  nodes: PassthruNodes,
  text: string,
  microversion: number,
  caller: Caller,
): Promise<string> {
  const ident = nodeIdent(text, microversion);
  return 'uuid' in ident ? ident.uuid : (await nodes.get({ text, idents: [ident] }, caller)).uuid;
}
