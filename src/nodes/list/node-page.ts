import { JsonParts } from '../../http/replies/reply.js';
import { type NodeFieldName } from '../fields/node-fields.js';
import { type NodeRow } from '../node.js';
import { nodeView, type NodeViewContext } from '../wire/node.view.js';
import { TimeSlice } from '../wire/time-slice.js';

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
  const slice = new TimeSlice();
  for (const [index, row] of rows.entries()) {
    if (slice.isOver) await slice.next();
    const view = await nodeView(row, fields, context, slice);
    text += `${index > 0 ? ',' : ''}${JSON.stringify(view)}`;
    if (text.length > PART) {
      parts.push(Buffer.from(text));
      text = '';
    }
  }
  const link = next === undefined ? '' : `,"next":${JSON.stringify(next)}`;
  return new JsonParts([...parts, Buffer.from(`${text}]${link}}`)]);
}
