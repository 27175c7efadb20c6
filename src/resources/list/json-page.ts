import { JsonParts } from '../../http/replies/reply.js';
import { TimeSlice } from './time-slice.js';

/** In characters; text is encoded to bytes in parts of this size. */
const PART = 65_536;

/**
 * @param collection the member that has the resources, for example `nodes`.
 * @param viewOf a resource as it is shown.
 * @param next the link to the next page.
 */
export async function jsonPage<Row>(
  collection: string,
  rows: readonly Row[],
  viewOf: (row: Row, slice: TimeSlice) => object | Promise<object>,
  next: string | undefined,
): Promise<JsonParts> {
  const parts: Buffer[] = [];
  let text = `{${JSON.stringify(collection)}:[`;
  const slice = new TimeSlice();
  for (const [index, row] of rows.entries()) {
    if (slice.isOver) await slice.next();
    text += `${index > 0 ? ',' : ''}${JSON.stringify(await viewOf(row, slice))}`;
    if (text.length > PART) {
      parts.push(Buffer.from(text));
      text = '';
    }
  }
  const link = next === undefined ? '' : `,"next":${JSON.stringify(next)}`;
  return new JsonParts([...parts, Buffer.from(`${text}]${link}}`)]);
}
