import { JsonParts } from '../../http/replies/reply.js';
import { type NodeFieldName } from '../fields/node-fields.js';
import { type NodeRow } from '../node.js';
import { nodeView, type NodeViewContext } from '../wire/node.view.js';
import { Turns } from '../wire/turns.js';

/** In characters; text is encoded to bytes in parts of this size. */
const PART = 65_536;

export async function nodePage(
  rows: readonly NodeRow[],
  fields: readonly NodeFieldName[],
  context: NodeViewContext,
  next: string | undefined,
): Promise<JsonParts> {
  const parts: Buffer[] = [];
  let text = '{"nodes":[';
  const turns = new Turns();
  for (const [index, row] of rows.entries()) {
    if (turns.isOver) await turns.next();
    const view = await nodeView(row, fields, context, turns);
    text += `${index > 0 ? ',' : ''}${JSON.stringify(view)}`;
    if (text.length > PART) {
      parts.push(Buffer.from(text));
      text = '';
    }
  }
  const link = next === undefined ? '' : `,"next":${JSON.stringify(next)}`;
  return new JsonParts([...parts, Buffer.from(`${text}]${link}}`)]);
}
